/** Tells whether the process lives and whether it is ready; without a key, and without a secret. */
import type { RequestHandler } from 'express';
import { toRfc3339, type Instant } from '../domain/time';
import type { LatestSweep, Readiness } from '../flows/check-readiness';
import { PLAIN_STATUS } from './problem';

/** `GET /healthz`: the process lives and answers; asks nobody. */
export const health: RequestHandler = (_req, res) => {
  res.set('Cache-Control', 'no-store').status(PLAIN_STATUS.ok).json({ status: 'ok' });
};

/** `GET /readyz`: each part with its state; 503 while the database does not answer. */
export function createReadiness(check: () => Promise<Readiness>): RequestHandler {
  return async (_req, res) => {
    const readiness = await check();
    const status = readiness.status === 'ready' ? PLAIN_STATUS.ok : PLAIN_STATUS.unready;
    res.set('Cache-Control', 'no-store').status(status).json(present(readiness));
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
