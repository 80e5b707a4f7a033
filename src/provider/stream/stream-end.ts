/** What the end of a link means for the next one; decides no delay. */
import type { StreamEnd } from '../../flows/ports/provider-port';

/** The provider's own close codes, and those that never cross the wire (RFC 6455, 7.4.1). */
const BAD_TOKEN = 4001;
const NO_STATUS = 1005;
const ABNORMAL = 1006;

const MEANINGS: ReadonlyMap<number, string> = new Map([
  [BAD_TOKEN, 'bad token'],
  [4002, 'protocol error'],
  [4008, 'slow reader'],
  [1012, 'restart'],
]);

/**
 * Only a bad token is final: every other end, a protocol error among them, may be the server's own
 * passing trouble, and a stream that gave up for good would fall silent.
 *
 * @param code as the WebSocket gave it; null when we ended the link ourselves.
 */
export function readStreamEnd(
  code: number | null,
  reason: string,
  retryMs: number | null,
): StreamEnd {
  const sent = code === NO_STATUS || code === ABNORMAL ? null : code;
  const meaning = sent === null ? 'the link broke' : (MEANINGS.get(sent) ?? 'closed');
  return {
    code: sent,
    reason: reason === '' ? meaning : reason,
    retry: sent === BAD_TOKEN ? 'never' : 'backoff',
    retryMs,
  };
}
