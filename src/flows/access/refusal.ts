/** The refusals that people's calls share, as outcomes; the doors give them their numbers. */

/** Unknown, malformed, or outside the regions of the key: these are not told apart. */
export interface NotFound {
  readonly kind: 'not-found';
}

/** The present state does not allow it; `text` says which state, in one sentence. */
export interface Conflict {
  readonly kind: 'conflict';
  readonly text: string;
}

/** Understood, and can never be done in this way. */
export interface Refused {
  readonly kind: 'refused';
  readonly text: string;
}

/** What it needs could not be asked; nothing was changed, and it may be sent again. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly text: string;
}

export const NOT_FOUND: NotFound = { kind: 'not-found' };
export const conflict = (text: string): Conflict => ({ kind: 'conflict', text });
export const refused = (text: string): Refused => ({ kind: 'refused', text });
export const unavailable = (text: string): Unavailable => ({ kind: 'unavailable', text });

/** A field that is well formed and holds what cannot be, such as an end in the past. */
export interface Invalid {
  readonly kind: 'invalid';
  /** `path`: JSON pointer into the input as the caller sent it. */
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

export const invalid = (path: string, message: string): Invalid => ({
  kind: 'invalid',
  errors: [{ path, message }],
});
