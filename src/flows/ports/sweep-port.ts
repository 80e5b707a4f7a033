/** How a schedule hands a run to the flow that makes it; the flow keeps the run's record itself. */
import type { Sweep } from '../../domain/sweep';

export interface SweepRun {
  /** As begun, or as it was left: `cursor` says where to go on. */
  readonly sweep: Sweep;
  /** Number of the lease under which it runs now; an older one's writes are refused. */
  readonly fence: number;
  /** Aborts when the lease can no longer be relied on, or the service stops. */
  readonly signal: AbortSignal;
}

/**
 * `incomplete`: the provider or the database failed half-way, or the run was stopped: to be
 * resumed.
 * `lost`: another instance goes on with it. The record says the same by then, where it could be
 * written.
 */
export type SweepEnd = 'complete' | 'incomplete' | 'failed' | 'lost';

export type RunSweep = (run: SweepRun) => Promise<SweepEnd>;
