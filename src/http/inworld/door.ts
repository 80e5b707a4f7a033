/**
 * The in-world door: takes a box's call in its raw bytes, verifies, then parses, and answers in
 * one shape.
 */
import type { Request, RequestHandler, Response } from 'express';
import { parseAgentKey, parseObjectKey } from '../../domain/ids';
import type { BoxCaller } from '../../flows/inworld/box-caller';
import type { Clock } from '../../flows/ports/clock';
import type { Log } from '../../flows/ports/log-port';
import { StorageUnavailable } from '../../flows/ports/money-ports';
import { inworldAnswer, type InworldOutcome } from '../answers';
import { isRightSignature, pathAsSent, readBoxHeaders, type BoxHeaders } from '../box-signature';
import { createPlaces, NoPlace } from '../places';
import type { FailureBudget } from './call-budget';
import { CALLS, type Call, type CallDeps } from './calls';
import type { InworldFlows } from './inworld-flows';
import { readRawBody } from './raw-body';

export interface DoorDeps extends CallDeps {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly log: Log;
  readonly failures: FailureBudget;
  /** Starts to measure a call; what it answers is told the code when the call is answered. */
  readonly measure: (call: Call['name']) => (code: string) => void;
}

/** A box is answered within 5 s, whatever the database does. */
const DEADLINE_MS = 4_500;

/** Few pair at one time, and none needs a key to make us look for its code. */
const PAIRING_PLACES = { atOnce: 4, waiting: 200, waitMs: 3_000 };
const PAIRING_RETRY_S = 10;

/** Takes every path under `/api/inworld`, and passes on all others. */
export function createInworldDoor(given: DoorDeps): RequestHandler {
  const deps = { ...given, flows: { ...given.flows, ...narrowPairing(given) } };
  return (req, res, next) => {
    const path = pathAsSent(req.originalUrl);
    if (path !== '/api/inworld' && !path.startsWith('/api/inworld/')) return next();
    const call = CALLS.get(path);
    if (call === undefined) return sendOutcome(deps, res, { code: 'unknown' });
    if (req.method !== 'POST') return sendOutcome(deps, res, { code: 'method' });
    void take(deps, { call, path, req, res });
  };
}

/** So that calls with made-up pairing keys never hold what the other boxes need. */
function narrowPairing({ flows, clock }: DoorDeps): Pick<InworldFlows, 'authenticatePairing'> {
  const places = createPlaces(PAIRING_PLACES, clock);
  return {
    async authenticatePairing(caller) {
      try {
        return await places.run(() => flows.authenticatePairing(caller));
      } catch (error) {
        if (!(error instanceof NoPlace)) throw error;
        return { kind: 'busy', retryS: PAIRING_RETRY_S };
      }
    },
  };
}

/** Sends an outcome in the promised shape; for the server's own refusals too. Never throws. */
export function sendOutcome(
  { clock }: { readonly clock: Pick<Clock, 'now'> },
  res: Response,
  outcome: InworldOutcome,
): void {
  if (res.headersSent || res.destroyed) return;
  const { status, headers, body } = inworldAnswer(outcome, clock.now());
  res.writeHead(status, headers).end(res.req.method === 'HEAD' ? undefined : body);
}

interface Taken {
  readonly call: Call;
  readonly path: string;
  readonly req: Request;
  readonly res: Response;
}

async function take(deps: DoorDeps, taken: Taken): Promise<void> {
  const { call, req, res } = taken;
  const measured = deps.measure(call.name);
  const body = await readRawBody(req);
  if (body.kind === 'aborted') return measured('aborted');
  if (body.kind === 'too-large' && body.rest === 'unread') res.setHeader('Connection', 'close');
  const outcome =
    body.kind === 'read'
      ? await withinDeadline(deps, taken, verifyAndRun(deps, taken, body.bytes))
      : ({ code: 'too-large' } as const);
  sendOutcome(deps, res, outcome);
  measured(outcome.code);
}

async function verifyAndRun(
  deps: DoorDeps,
  { call, path, req }: Taken,
  bytes: Buffer,
): Promise<InworldOutcome> {
  const headers = readBoxHeaders(req.headers);
  if (headers === null) return turnAway(deps, req);
  const caller = callerOf(headers, { method: req.method, path, bytes, shard: shardOf(req) });
  const verified = await call.authenticate(deps, caller);
  if (verified.kind === 'verified') {
    const outcome = await call.run(deps, verified, bytes);
    return outcome.code === 'signature' ? turnAway(deps, req) : outcome;
  }
  const { key, objectKey } = caller;
  deps.log.debug('box call turned away', { call: call.name, why: verified.kind, key, objectKey });
  if (verified.kind === 'signature') return turnAway(deps, req);
  if (verified.kind === 'busy') return { code: 'busy', retryS: verified.retryS };
  return { code: verified.kind };
}

/** A wrong signature; an address that sends very many is told to wait instead. */
async function turnAway(
  { failures, clock }: Pick<DoorDeps, 'failures' | 'clock'>,
  req: Request,
): Promise<InworldOutcome> {
  const retryS = await failures.count(req.ip ?? '', clock.now());
  return retryS === null ? { code: 'signature' } : { code: 'busy', retryS };
}

function callerOf(
  headers: BoxHeaders,
  sent: {
    readonly method: string;
    readonly path: string;
    readonly bytes: Buffer;
    readonly shard: string | null;
  },
): BoxCaller {
  const { method, path, bytes, shard } = sent;
  const { signature, ...signed } = headers;
  const call = { ...signed, method, path, body: bytes };
  return {
    key: headers.key,
    objectKey: parseObjectKey(headers.objectKey),
    ownerKey: parseAgentKey(headers.ownerKey),
    shard,
    sentAtUnix: Number(headers.time),
    nonce: headers.nonce.toLowerCase(),
    isSignedWith: (secrets) => isRightSignature({ call, signature, secrets }),
  };
}

function shardOf(req: Request): string | null {
  const shard = req.headers['x-secondlife-shard'];
  return typeof shard === 'string' ? shard : null;
}

/**
 * What is late goes on in the background, and may well be stored: the box repeats the call and is
 * told that it is known. Whatever is thrown is an outage or a bug, and is answered as an outage.
 */
async function withinDeadline(
  { clock, log }: DoorDeps,
  { call }: Taken,
  work: Promise<InworldOutcome>,
): Promise<InworldOutcome> {
  let cancel = (): void => undefined;
  const late = new Promise<InworldOutcome>((resolve) => {
    cancel = clock.after(DEADLINE_MS, () => {
      log.warn('box call answered before it was done', { call: call.name });
      resolve({ code: 'storage' });
    });
  });
  const done = work.catch((error: unknown): InworldOutcome => {
    if (error instanceof StorageUnavailable)
      log.warn('storage unavailable', { call: call.name, error });
    else log.error('box call broke', { call: call.name, error });
    return { code: 'storage' };
  });
  const outcome = await Promise.race([done, late]);
  cancel();
  return outcome;
}
