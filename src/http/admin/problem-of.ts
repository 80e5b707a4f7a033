/** What a thrown error is to the caller: bad input that express met, an outage, or our own bug. */
import { RefusedValue } from '../../domain/brand';
import { StorageUnavailable } from '../../flows/ports/money-ports';
import { ProviderUnavailable } from '../../flows/ports/provider-port';
import { NoPlace } from '../places';
import type { Problem } from '../problem';

const RETRY_S = 5;

/** @param error whatever was thrown or rejected with on the way to an answer. */
export function problemOf(error: unknown): Problem {
  if (error instanceof StorageUnavailable) return { kind: 'storage', retryAfterS: RETRY_S };
  if (error instanceof NoPlace) {
    const text = 'Too much is being read at this moment.';
    return { kind: 'storage', text, retryAfterS: RETRY_S };
  }
  if (error instanceof ProviderUnavailable) {
    return {
      kind: 'unavailable',
      text: 'The provider does not answer.',
      retryAfterS: RETRY_S,
    };
  }
  if (error instanceof RefusedValue) return refusedValue(error);
  if (error instanceof URIError) return { kind: 'not-found' };
  return BODY_PROBLEMS.get(typeOf(error)) ?? { kind: 'internal' };
}

/** The words are those of the body parser (`type` of its errors). */
const BODY_PROBLEMS: ReadonlyMap<string, Problem> = new Map<string, Problem>([
  ['entity.parse.failed', unreadable('The body is no JSON object.')],
  ['request.aborted', unreadable('The body ended before it was complete.')],
  ['request.size.invalid', unreadable('The body ended before it was complete.')],
  ['entity.too.large', { kind: 'too-large', text: 'A body has at most 65,536 bytes.' }],
  ['charset.unsupported', { kind: 'media-type' }],
  ['encoding.unsupported', { kind: 'media-type' }],
]);

/** Bodies, ids and queries were read before: what a store alone can judge is a cursor. */
function refusedValue({ message }: RefusedValue): Problem {
  return { kind: 'invalid', errors: [{ path: '/cursor', message }] };
}

function unreadable(message: string): Problem {
  return { kind: 'unreadable', errors: [{ path: '', message }] };
}

function typeOf(error: unknown): string {
  if (!(error instanceof Error) || !('type' in error)) return '';
  return typeof error.type === 'string' ? error.type : '';
}
