/** One HTTP request to the provider and the sorting of its answer; it neither waits nor repeats. */
import type { Instant } from '../../domain/time';
import { ProviderUnavailable } from '../../flows/ports/provider-port';
import { addressOf } from '../base-address';
import { BodyTooLong, dropBody, readBounded } from './bounded-body';
import { readProblem } from './problem-text';
import { retryAfterMs } from './retry-after';
import { faultOf, type Blot } from '../token-blot';

export interface Ask {
  /** For logs and errors: method and route, without ids. */
  readonly name: string;
  readonly method: 'GET' | 'PUT';
  /** Begins with `/v1/`; ids in it are URL-encoded already. */
  readonly path: string;
  readonly body?: object;
  readonly idempotencyKey?: string;
}

/** The answers that the protocol gives a meaning; all others throw. */
export type Answer =
  | { readonly kind: 'ok'; readonly value: unknown }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'no-such-call' }
  /** A change that it will not make; `why` for people. */
  | { readonly kind: 'refused'; readonly why: string };

export interface AnswerLimits {
  readonly bodyBytes: number;
  readonly problemBytes: number;
}

export interface AttemptInput extends AnswerLimits {
  readonly base: URL;
  readonly token: string;
  readonly blot: Blot;
  readonly now: Instant;
  readonly signal: AbortSignal;
}

/** Worth another attempt: the network, 429, 5xx except 501. */
export class PassingFault extends Error {
  override readonly name = 'PassingFault';
  constructor(
    message: string,
    /** What `Retry-After` asked for. */
    readonly waitMs: number | null = null,
    /** 429 is said to the client as a whole, anything else to this call. */
    readonly holds: 'call' | 'client' = 'call',
  ) {
    super(message);
  }
}

/**
 * @throws PassingFault, ProviderUnavailable for what no repetition mends, or whatever the network
 * throws once `signal` has aborted.
 */
export async function askOnce(ask: Ask, input: AttemptInput): Promise<Answer> {
  const response = await overTheNetwork(input, () => send(ask, input));
  switch (response.status) {
    case 404:
      return dropped(response, 'not-found');
    case 409:
      return dropped(response, 'conflict');
    case 501:
      return dropped(response, 'no-such-call');
    default:
      if (response.ok) return { kind: 'ok', value: await readJson(ask, response, input) };
      if (ask.method === 'PUT' && isRefusal(response.status)) {
        return { kind: 'refused', why: await faultSaid(ask, response, input) };
      }
      throw await refusal(ask, response, input);
  }
}

/** What it says of this change, and not of us (401), nor of this moment. */
const isRefusal = (status: number): boolean =>
  status >= 400 && status < 500 && ![401, 408, 425, 429].includes(status);

function send(ask: Ask, { base, token, signal }: AttemptInput): Promise<Response> {
  const headers = new Headers({ accept: 'application/json', authorization: `Bearer ${token}` });
  if (ask.body !== undefined) headers.set('content-type', 'application/json');
  if (ask.idempotencyKey !== undefined) headers.set('idempotency-key', ask.idempotencyKey);
  return fetch(addressOf(base, ask.path), {
    method: ask.method,
    headers,
    // A redirect could carry the token to another host.
    redirect: 'manual',
    signal,
    ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
  });
}

async function refusal(ask: Ask, response: Response, input: AttemptInput): Promise<Error> {
  const { status, headers } = response;
  const message = await faultSaid(ask, response, input);
  const waitMs = retryAfterMs(headers.get('retry-after'), input.now);
  if (status === 429) return new PassingFault(message, waitMs, 'client');
  if (status >= 500) return new PassingFault(message, waitMs);
  return new ProviderUnavailable(message, status !== 401);
}

async function faultSaid(ask: Ask, response: Response, input: AttemptInput): Promise<string> {
  const problem = await readProblem(response, input.problemBytes);
  return input.blot(`${ask.name} answered ${response.status}${problem}.`);
}

async function readJson(ask: Ask, response: Response, input: AttemptInput): Promise<unknown> {
  const text = await overTheNetwork(input, () => readBounded(response, input.bodyBytes));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ProviderUnavailable(`${ask.name} answered what is no JSON.`, true);
  }
}

/** What breaks on the way is worth another attempt, unless we broke it off ourselves. */
async function overTheNetwork<Value>(
  { blot, signal }: AttemptInput,
  run: () => Promise<Value>,
): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof BodyTooLong) throw new ProviderUnavailable(error.message, true);
    // No `cause`: what the network library attaches might hold the request with its headers.
    throw new PassingFault(faultOf(error, blot));
  }
}

async function dropped<Kind extends Answer['kind']>(
  response: Response,
  kind: Kind,
): Promise<{ readonly kind: Kind }> {
  await dropBody(response);
  return { kind };
}
