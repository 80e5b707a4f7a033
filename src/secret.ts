/** Holds a value that must never be shown by accident; whoever needs it says `reveal()` aloud. */

const SHOWN = '[secret]';

/** Printed, inspected, logged or put into JSON it is always `[secret]`. Immutable. */
export class Secret<Value = string> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
    Object.freeze(this);
  }

  /** The value itself. Call it where the value is used, and store the result nowhere. */
  reveal(): Value {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return SHOWN;
  }
}
