/**
 * Runs work under a named lease, so that one process at a time does it; knows nothing of the work.
 */
import { sleep } from '../flows/ports/clock';
import { StorageUnavailable } from '../flows/ports/money-ports';
import { LEASE_MS, LeaseLost, RenewedTerm, type LeaseDeps, type LeaseTerm } from './lease-term';

export interface LeaseUse<Result> {
  readonly name: string;
  /** Unique among processes; within one, no two uses of a name run at the same time. */
  readonly holder: string;
  /** Ends soon after the term's signal aborts. */
  readonly run: (term: LeaseTerm) => Promise<Result>;
}

export type Leased<Result> =
  { readonly kind: 'busy' } | { readonly kind: 'done'; readonly result: Result };

/**
 * Something that runs until it is stopped; `stop` resolves when it has ended, and never rejects.
 */
export interface Running {
  stop(): Promise<void>;
}

/** How soon a lease that another holds is asked for again. */
export const TAKE_AGAIN_MS = 2_000;
const MOST_PAUSE_MS = 10_000;
/** Work that lasted this long was healthy: the pauses begin anew. */
const HEALTHY_MS = 60_000;

/**
 * Once, if the lease is free. On `stop` the term's signal aborts, and the lease is held until `run`
 * has ended.
 *
 * @throws StorageUnavailable when it cannot be asked for; whatever `run` throws.
 */
export async function underLease<Result>(
  deps: LeaseDeps,
  use: LeaseUse<Result>,
  stopping: AbortSignal,
): Promise<Leased<Result>> {
  const { leases, clock, log } = deps;
  const { name, holder } = use;
  const askedAt = clock.now();
  const taken = await leases.take(name, holder, LEASE_MS);
  if (taken === null) return { kind: 'busy' };
  const term = new RenewedTerm(deps, { name, holder, fence: taken.fence, askedAt }, stopping);
  try {
    return { kind: 'done', result: await use.run(term) };
  } finally {
    term.end();
    await leases.release(name, holder).catch((error: unknown) => {
      log.warn('lease not given back', { name, error });
    });
  }
}

/**
 * Again and again until stopped, or until `run` answers `enough`: takes the lease as soon as it is
 * free, and after a loss or a failure begins anew, with pauses that double while it goes on
 * failing.
 */
export function keepLease(deps: LeaseDeps, use: LeaseUse<'again' | 'enough'>): Running {
  const stopping = new AbortController();
  const ended = keep(deps, use, stopping.signal);
  return {
    stop: () => {
      stopping.abort(new LeaseLost('It is being stopped.'));
      return ended;
    },
  };
}

async function keep(
  deps: LeaseDeps,
  use: LeaseUse<'again' | 'enough'>,
  stopping: AbortSignal,
): Promise<void> {
  const { clock, log } = deps;
  const { name } = use;
  let failures = 0;
  while (!stopping.aborted) {
    const beganAt = clock.now();
    try {
      const outcome = await underLease(deps, use, stopping);
      if (outcome.kind === 'done' && outcome.result === 'enough') return;
      failures = 0;
    } catch (error) {
      if (error instanceof LeaseLost) failures = 0;
      else {
        failures = clock.now() - beganAt >= HEALTHY_MS ? 1 : failures + 1;
        const level = error instanceof StorageUnavailable ? 'warn' : 'error';
        log[level]('work under a lease failed', { name, failures, error });
      }
    }
    const pauseMs = Math.min(MOST_PAUSE_MS, TAKE_AGAIN_MS * 2 ** Math.max(0, failures - 1));
    await sleep(clock, pauseMs, stopping);
  }
}
