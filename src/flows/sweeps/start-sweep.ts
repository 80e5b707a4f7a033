/**
 * A person starts a sweep now: its record is made here, and it is run by whoever holds the lease.
 */
import type { SweepId } from '../../domain/ids';
import { newSweep, type Sweep, type SweepKind } from '../../domain/sweep';
import type { Clock } from '../ports/clock';
import type { SweepStore } from '../ports/upkeep-ports';

export interface StartSweepDeps {
  readonly sweeps: SweepStore;
  readonly clock: Clock;
  /** Wakes the schedule of this process; the minute's look for unfinished runs finds it else. */
  readonly wakeSweeps: () => void;
}

export interface StartSweepInput {
  /** Derived from the request, so that a request that is resumed starts nothing twice. */
  readonly id: SweepId;
  readonly kind: SweepKind;
  readonly dryRun: boolean;
  readonly region: string | null;
  /** Regions that the author's key is limited to; empty = all. */
  readonly regions: readonly string[];
  readonly author: string;
}

export async function startSweep(deps: StartSweepDeps, input: StartSweepInput): Promise<Sweep> {
  const sweep = newSweep({ ...input, startedAt: deps.clock.now() });
  const begun = await deps.sweeps.begin(sweep);
  deps.wakeSweeps();
  return begun ? sweep : ((await deps.sweeps.get(input.id)) ?? sweep);
}
