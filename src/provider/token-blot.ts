/** Takes the bearer token out of texts that came from elsewhere and may repeat it. */

/** A text with each occurrence of the token replaced; what is not there is left as it is. */
export type Blot = (text: string) => string;

export function blotOut(token: string): Blot {
  return (text) => (token === '' ? text : text.replaceAll(token, '[token]'));
}

/** What went wrong, from the innermost cause that says so, without the token. */
export function faultOf(error: unknown, blot: Blot): string {
  const causes: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : null;
    causes.push(at.message || code || at.name);
  }
  return blot(causes.join(': ') || 'an unknown fault').slice(0, MOST_FAULT);
}

const MOST_FAULT = 300;
