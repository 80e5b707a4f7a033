/**
 * Branded primitives: a string or number that only its own parser can make; holds no rule itself.
 */

declare const brand: unique symbol;

/** `Base` that crossed the parser named `Name`; a bare `Base` is not assignable to it. */
export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Thrown by a parser that refuses; `message` is a full sentence fit for an API answer. */
export class RefusedValue extends Error {
  override readonly name = 'RefusedValue';
}
