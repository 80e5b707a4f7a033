/**
 * Reads a request's body as the bytes that were sent, up to a limit; decodes and parses nothing.
 */
import type { IncomingMessage } from 'node:http';

/** What the door takes; a box sends at most 2,048 bytes. */
const MOST_BODY_BYTES = 8_192;

/** What is read and thrown away, so that a sender of too much still gets to read its answer. */
const MOST_DRAINED_BYTES = 1_048_576;

export type RawBody =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  /** `drained`: the request was read to its end, so that the connection can go on. */
  | { readonly kind: 'too-large'; readonly rest: 'drained' | 'unread' }
  /** The sender went away: there is nobody to answer, and nothing to believe. */
  | { readonly kind: 'aborted' };

/** How long it may take is bounded by the server's request time-out. */
export function readRawBody(req: IncomingMessage): Promise<RawBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (body: RawBody): void => {
      req.off('data', take).off('end', end).off('close', abort).off('error', abort);
      // A broken connection may still speak up, and nobody else listens.
      req.on('error', ignore);
      resolve(body);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= MOST_BODY_BYTES) chunks.push(chunk);
      else if (length > MOST_DRAINED_BYTES) settle({ kind: 'too-large', rest: 'unread' });
    };
    const end = (): void => {
      if (length > MOST_BODY_BYTES) return settle({ kind: 'too-large', rest: 'drained' });
      settle({ kind: 'read', bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) });
    };
    const abort = (): void => settle({ kind: 'aborted' });
    if (Number(req.headers['content-length'] ?? 0) > MOST_DRAINED_BYTES) {
      return settle({ kind: 'too-large', rest: 'unread' });
    }
    req.on('data', take).on('end', end).on('close', abort).on('error', abort);
  });
}

function ignore(): void {
  // Deliberately nothing.
}
