/**
 * A one-way name of a text, for ids that must come out the same whenever they are derived again.
 */

/** Lower-case hex SHA-256 of the text as UTF-8, 64 characters. */
export type Digest = (text: string) => string;

/** 24 hex characters, fit for the part of our ids behind their prefix. */
export const nameFrom = (digest: Digest, ...parts: readonly string[]): string =>
  digest(JSON.stringify(parts)).slice(0, 24);
