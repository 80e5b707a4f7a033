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
import { guardedLookup, requireReach } from './hint-address';
import { hintBody } from './hint-body';

export interface HintSenderDeps {
  readonly reach: HintReach;
  readonly clock: Clock;
  readonly log: Log;
}

const ENDS_WITHIN_MS = 5_000;

export function createHintSender(deps: HintSenderDeps): HintSender {
  const { clock, log } = deps;
  return {
    async send(box) {
      const body = deps.reach === 'off' ? null : bodyFor(box, clock);
      if (body === null || box.url === null) return;
      try {
        const status = await post(deps, new URL(box.url), body);
        log.debug('box hinted', { boxId: box.id, status });
      } catch (error) {
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
function post({ reach, clock }: HintSenderDeps, url: URL, body: string): Promise<number> {
  requireReach(url, reach);
  const options: RequestOptions = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    ...(reach === 'public' && { lookup: guardedLookup }),
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
      reject(new Error('It was closed without an answer.'));
    });
    request.end(body);
  });
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error ? String(error.code) : error.name;
}
