/** One run of the settle sweep as its parts share it; what they do stands in each of them. */
import type { SweepCounts } from '../../domain/sweep';
import type { SweepRun } from '../ports/sweep-port';

export interface SettleRun extends SweepRun {
  counts: SweepCounts;
  /** The provider is away: nothing more is asked of it in this run. */
  unreachable: boolean;
}

export function addCounts(run: SettleRun, more: Partial<SweepCounts>): void {
  const { counts } = run;
  run.counts = {
    compared: counts.compared + (more.compared ?? 0),
    repaired: counts.repaired + (more.repaired ?? 0),
    breaks: counts.breaks + (more.breaks ?? 0),
    failed: counts.failed + (more.failed ?? 0),
  };
}
