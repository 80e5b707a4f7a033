/** Takes the bearer token out of texts that came from elsewhere and may repeat it. */
import { cutText } from './cut-text';

/** A text with each occurrence of the token replaced; what is not there is left as it is. */
export type Blot = (text: string) => string;

export function blotOut(token: string): Blot {
  return (text) => (token === '' ? text : text.replaceAll(token, '[token]'));
}

/** What went wrong, with its causes, without the token; also of what is no `Error` of ours. */
export function faultOf(error: unknown, blot: Blot): string {
  const causes: string[] = [];
  for (let at = error, depth = 0; depth < MOST_CAUSES; depth += 1) {
    if (typeof at !== 'object' || at === null) break;
    const { message, code, name, cause } = at as Readonly<Record<string, unknown>>;
    const said = [message, code, name].find((text) => typeof text === 'string' && text !== '');
    if (typeof said === 'string') causes.push(said);
    at = cause;
  }
  return cutText(blot(causes.join(': ') || 'an unknown fault'), MOST_FAULT);
}

const MOST_CAUSES = 4;
const MOST_FAULT = 300;
