/** Tells whether the process lives and whether it is ready; without a key, and without a secret. */
import type { RequestHandler } from 'express';
import { SECOND_MS, toRfc3339, type Instant } from '../domain/time';
import type { LatestSweep, Readiness } from '../flows/check-readiness';
import type { Clock } from '../flows/ports/clock';
import { PLAIN_STATUS } from './problem';

/** `GET /healthz`: the process lives and answers; asks nobody. */
export const health: RequestHandler = (_req, res) => {
  res.set('Cache-Control', 'no-store').status(PLAIN_STATUS.ok).json({ status: 'ok' });
};

const KEPT_MS = SECOND_MS;

/**
 * `GET /readyz`: each part with its state; 503 while the database does not answer. One look at a
 * time, told to everybody who asks meanwhile and for a second afterwards: whoever asks needs no
 * key, and must not come before the boxes at the database.
 */
export function createReadiness(
  check: () => Promise<Readiness>,
  clock: Pick<Clock, 'now'>,
): RequestHandler {
  const look = sharedFor(KEPT_MS, check, clock);
  return async (_req, res) => {
    const readiness = await look();
    const status = readiness.status === 'ready' ? PLAIN_STATUS.ok : PLAIN_STATUS.unready;
    res.set('Cache-Control', 'no-store').status(status).json(present(readiness));
  };
}

/** What fails is told to those who wait for it, and then looked for anew. */
function sharedFor<Value>(
  keptMs: number,
  find: () => Promise<Value>,
  { now }: Pick<Clock, 'now'>,
): () => Promise<Value> {
  let latest: Promise<Value> | null = null;
  let foundAt: Instant | null = null;
  const findAnew = async (): Promise<Value> => {
    try {
      const value = await find();
      foundAt = now();
      return value;
    } catch (error) {
      latest = null;
      throw error;
    }
  };
  return () => {
    // A clock that was set back is no reason to keep it longer.
    const isOver = foundAt !== null && Math.abs(now() - foundAt) >= keptMs;
    if (latest === null || isOver) [foundAt, latest] = [null, findAnew()];
    return latest;
  };
}

function present({ status, database, stream, sweeps }: Readiness): object {
  const { settle, resync } = sweeps;
  return {
    status,
    database,
    stream: { state: stream.state, horizon: shown(stream.horizon) },
    sweeps: { settle: presentSweep(settle), resync: presentSweep(resync) },
  };
}

function presentSweep(sweep: LatestSweep | null): object | null {
  if (sweep === null) return null;
  const { status, startedAt, finishedAt } = sweep;
  return { status, startedAt: shown(startedAt), finishedAt: shown(finishedAt) };
}

const shown = (at: Instant | null): string | null => (at === null ? null : toRfc3339(at));
