/** What a thrown error is to the caller: bad input that express met, an outage, or our own bug. */
import { RefusedValue } from '../../domain/brand';
import { StorageUnavailable } from '../../flows/ports';
import { ProviderUnavailable } from '../../flows/provider-port';
import type { Problem } from '../problem';

const RETRY_S = 5;

/** @param error whatever was thrown or rejected with on the way to an answer. */
export function problemOf(error: unknown): Problem {
  if (error instanceof StorageUnavailable) return { kind: 'storage', retryAfterS: RETRY_S };
  if (error instanceof ProviderUnavailable) {
    return {
      kind: 'unavailable',
      text: 'The provider does not answer.',
      retryAfterS: RETRY_S,
    };
  }
  if (error instanceof RefusedValue) return { kind: 'invalid', text: error.message };
  if (error instanceof URIError) return { kind: 'not-found' };
  return bodyProblem(typeOf(error)) ?? { kind: 'internal' };
}

/** The words are those of the body parser (`type` of its errors). */
function bodyProblem(type: string | null): Problem | null {
  switch (type) {
    case 'entity.parse.failed':
      return unreadable('The body is no JSON object.');
    case 'request.aborted':
    case 'request.size.invalid':
      return unreadable('The body ended before it was complete.');
    case 'entity.too.large':
      return { kind: 'too-large', text: 'A body has at most 65,536 bytes.' };
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return { kind: 'media-type' };
    default:
      return null;
  }
}

const unreadable = (message: string): Problem => ({
  kind: 'unreadable',
  errors: [{ path: '', message }],
});

function typeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('type' in error)) return null;
  return typeof error.type === 'string' ? error.type : null;
}
