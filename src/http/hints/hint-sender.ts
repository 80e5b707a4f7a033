/**
 * Posts hints to the addresses that boxes gave in signed calls; waits little, and repeats nothing.
 */
import { randomUUID } from 'node:crypto';
import { request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Box } from '../../domain/box';
import type { Clock } from '../../flows/ports/clock';
import type { HintReach, HintSender } from '../../flows/ports/hints-port';
import type { Log } from '../../flows/ports/log-port';
import { requireReach } from './hint-address';
import { hintBody } from './hint-body';
import {
  createSystemSearches,
  searchPublic,
  type NameSearch,
  type NewResolver,
} from './hint-names';
import { createHintPauses } from './hint-pauses';

export interface HintSenderDeps {
  readonly reach: HintReach;
  readonly clock: Clock;
  readonly log: Log;
  /** Asks for names when only public addresses may be reached. */
  readonly newResolver?: NewResolver;
}

const ENDS_WITHIN_MS = 5_000;

export function createHintSender(deps: HintSenderDeps): HintSender {
  const { reach, clock, log } = deps;
  const pauses = createHintPauses(clock);
  const searchSystem = createSystemSearches();
  const search = reach === 'public' ? () => searchPublic(deps.newResolver) : searchSystem;
  return {
    async send(box) {
      const body = reach === 'off' ? null : bodyFor(box, clock);
      if (body === null || box.url === null || pauses.isPaused(box)) return;
      try {
        const url = new URL(box.url);
        requireReach(url, reach);
        const status = await post({ clock, names: search() }, url, body);
        pauses.noteReached(box);
        log.debug('box hinted', { boxId: box.id, status });
      } catch (error) {
        pauses.noteFailed(box);
        // The address itself is not said: whoever holds it can make the box poll.
        log.debug('box not hinted', { boxId: box.id, error: causeOf(error) });
      }
    },
  };
}

/** Null where the box holds no secret to know us by. */
function bodyFor({ id, objectKey, secrets }: Box, clock: Clock): string | null {
  const newest = secrets[0]?.text;
  if (newest === undefined || objectKey === null) return null;
  const time = Math.floor(clock.now() / 1000);
  return hintBody({ boxId: id, objectKey, time, nonce: randomUUID() }, newest);
}

/** The status; the answer's body is not read, and a redirect is not followed. */
function post(
  { clock, names }: { readonly clock: Clock; readonly names: NameSearch },
  url: URL,
  body: string,
): Promise<number> {
  const options: RequestOptions = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    lookup: names.lookup,
    agent: false,
  };
  const request =
    url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
  return new Promise<number>((resolve, reject) => {
    const cancel = clock.after(ENDS_WITHIN_MS, () => {
      request.destroy(new Error(`No answer within ${ENDS_WITHIN_MS} ms.`));
    });
    request.once('response', (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    request.once('error', reject);
    request.once('close', () => {
      cancel();
      names.cancel();
      reject(new Error('It was closed without an answer.'));
    });
    request.end(body);
  });
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error ? String(error.code) : error.name;
}
