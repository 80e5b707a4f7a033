/** A call that the provider refuses, with its place in HTTP; anything else that throws is a bug. */

export interface Fault {
  /** JSON pointer into what was sent. */
  readonly path: string;
  readonly message: string;
}

const TITLES = {
  400: 'The request is malformed',
  401: 'The token is missing or wrong',
  404: 'There is no such thing',
  405: 'There is no such method here',
  409: 'The state has changed',
  413: 'The body is too large',
  422: 'The key was used for another request',
  429: 'Too many requests',
  500: 'The simulator has failed',
  501: 'This provider has no such call',
  503: 'The provider is out of order',
} as const;

export type RefusalStatus = keyof typeof TITLES;

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: RefusalStatus;
  readonly faults: readonly Fault[];

  constructor(status: RefusalStatus, detail: string, faults: readonly Fault[] = []) {
    super(detail);
    this.status = status;
    this.faults = faults;
  }

  /** RFC 9457. */
  toProblem() {
    return {
      type: `urn:tier-provider:problem:${this.status}`,
      title: TITLES[this.status],
      status: this.status,
      detail: this.message,
      ...(this.faults.length > 0 ? { errors: this.faults } : {}),
    };
  }
}
