/** What requests with an idempotency key came to, for a week; runs no request. */
import type { Connection } from 'mongoose';
import { DAY_MS, type Instant } from '../../domain/time';
import { StorageUnavailable } from '../../flows/ports/money-ports';
import type { RequestStore } from '../../flows/ports/upkeep-ports';
import { storage } from '../storage-errors';
import {
  COMPUTED,
  DURABLE,
  endsIn,
  fromJson,
  insertUntil,
  literal,
  recordsOf,
  toDate,
  toJson,
} from '../stored-record';

interface RequestRecord {
  /** `<key id>:<Idempotency-Key>`. */
  _id: string;
  content: string;
  startedAt: Date;
  /** The answer as JSON text; null while there is none. */
  answer: string | null;
  expireAt: Date;
}

const KEPT_MS = 7 * DAY_MS;
const MOST_TRIES = 10;

type Begun = Awaited<ReturnType<RequestStore['begin']>>;

interface Begin {
  readonly id: string;
  readonly content: string;
  readonly now: Instant;
  readonly staleMs: number;
}

export function createRequestStore(connection: Connection): RequestStore {
  const requests = recordsOf<RequestRecord>(connection, 'requests', {
    _id: String,
    content: String,
    startedAt: Date,
    answer: String,
    expireAt: Date,
  });

  /** Null where another was faster, and all must be looked at again. */
  const tryToBegin = async (input: Begin): Promise<Begun | null> => {
    const { id, content, now } = input;
    const fresh = { content, startedAt: toDate(now), answer: null };
    if (await insertUntil(requests, { _id: id, ...fresh }, KEPT_MS)) return { kind: 'mine' };
    const found = await requests.findById(id).lean();
    if (found === null) return null;
    const standing = judge(found, input);
    if (standing.kind !== 'mine') return standing;
    const ends = { expireAt: endsIn(KEPT_MS) };
    const taken = await requests.updateOne(
      { _id: id, startedAt: found.startedAt },
      [{ $set: { ...literal(fresh), ...ends } }],
      COMPUTED,
    );
    return taken.matchedCount === 1 ? standing : null;
  };

  return {
    begin: (input) =>
      storage(async () => {
        for (let tries = 0; tries < MOST_TRIES; tries += 1) {
          const begun = await tryToBegin(input);
          if (begun !== null) return begun;
        }
        throw new StorageUnavailable('The request is being written to.');
      }),
    finish: (id, answer) =>
      storage(async () => {
        const kept = { $set: { answer: toJson(answer) } };
        await requests.updateOne({ _id: id, answer: null }, kept, DURABLE);
      }),
    drop: (id) =>
      storage(async () => {
        await requests.deleteOne({ _id: id, answer: null }, DURABLE);
      }),
  };
}

/** `mine`: to be taken over, where nobody else does so first. */
function judge(found: RequestRecord, { content, now, staleMs }: Begin): Begun {
  const ageMs = now - found.startedAt.getTime();
  if (ageMs > KEPT_MS) return { kind: 'mine' };
  if (found.content !== content) return { kind: 'other-content' };
  if (found.answer !== null) {
    return { kind: 'answered', ...(fromJson(found.answer) as { status: number; body: unknown }) };
  }
  return ageMs > staleMs ? { kind: 'mine' } : { kind: 'running' };
}
