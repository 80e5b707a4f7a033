/** Recognises errors of the operating system by their code; handles none. */

/** By its shape: such an error may come from another realm, where `instanceof` knows it not. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
