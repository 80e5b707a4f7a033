/**
 * One signed call over HTTP and what came back; decides neither when to call nor what to do next.
 */
import { z } from 'zod';
import { signBoxCall } from '../../src/http/box-signature';

export interface Identity {
  /** A box id, or `pair_XXXX`. */
  readonly key: string;
  readonly secret: string;
  readonly objectKey: string;
  readonly ownerKey: string;
  readonly shard: string;
}

export interface ExchangeInput {
  readonly baseUrl: string;
  readonly identity: Identity;
  /** Under `/api/inworld/v1/`. */
  readonly call: 'register' | 'events' | 'standing';
  readonly body: object;
  /** Unix seconds at sending. */
  readonly timeUnix: number;
  readonly nonce: string;
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
}

export interface BoxAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly code: string;
  readonly retryS: number;
  /** The server's time, Unix seconds. */
  readonly t: number;
  readonly fields: Readonly<Record<string, string | number>>;
}

/** `lost`: nobody knows whether the server acted. */
export type Exchanged = BoxAnswer | { readonly kind: 'lost'; readonly why: string };

/** What a script can take of an answer. */
const MOST_ANSWER_CHARACTERS = 2_048;

const Answer = z
  .object({ ok: z.union([z.literal(0), z.literal(1)]), code: z.string() })
  .extend({ retry: z.int(), t: z.int() })
  .catchall(z.union([z.string(), z.int()]));

/** Never throws. An answer that is cut, or not in the promised shape, is as good as none. */
export async function exchange(input: ExchangeInput): Promise<Exchanged> {
  const path = `/api/inworld/v1/${input.call}`;
  const body = JSON.stringify(input.body);
  try {
    const answer = await input.fetch(new URL(path, input.baseUrl), {
      method: 'POST',
      headers: headersOf(input, { path, body }),
      body,
      redirect: 'error',
      signal: input.signal,
    });
    const text = (await answer.text()).slice(0, MOST_ANSWER_CHARACTERS);
    const { code, retry, t, ...fields } = Answer.parse(JSON.parse(text));
    return { kind: 'answer', status: answer.status, code, retryS: retry, t, fields };
  } catch (error) {
    return { kind: 'lost', why: error instanceof Error ? error.name : String(error) };
  }
}

function headersOf(
  { identity, timeUnix, nonce }: ExchangeInput,
  { path, body }: { readonly path: string; readonly body: string },
): Record<string, string> {
  const { key, secret, objectKey, ownerKey, shard } = identity;
  const time = String(timeUnix);
  const call = { method: 'POST', path, time, nonce, key, objectKey, ownerKey };
  return {
    'Content-Type': 'application/json',
    Accept: 'application/json',
    'X-Tier-Key': key,
    'X-Tier-Time': time,
    'X-Tier-Nonce': nonce,
    'X-Tier-Sig': signBoxCall({ ...call, body: Buffer.from(body) }, secret),
    'X-SecondLife-Object-Key': objectKey,
    'X-SecondLife-Owner-Key': ownerKey,
    'X-SecondLife-Shard': shard,
  };
}
