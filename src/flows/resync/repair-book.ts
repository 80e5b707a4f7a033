/** Where the repairs of one rental are written down as they are made; makes none of them. */
import type { SweepId } from '../../domain/ids';
import type { Repair } from '../../domain/sweep';
import type { SweepStore } from '../ports/upkeep-ports';

/** A repair without the run that it belongs to. */
export type RepairDraft = Omit<Repair, 'id' | 'sweepId'>;

export interface RepairBook {
  /**
   * Written before something is changed that cannot be asked afterwards who changed it: killed in
   * between, its record stays, and says that its outcome is unknown.
   */
  plan(draft: RepairDraft): Promise<void>;
  /** What was planned came to nothing. */
  unplan(draft: RepairDraft): Promise<void>;
  record(drafts: readonly RepairDraft[]): Promise<void>;
}

/** @param sweepId of the run that the repairs belong to, or begins it when the first is made. */
export function repairBook(
  deps: { readonly sweeps: Pick<SweepStore, 'plan' | 'unplan' | 'record'> },
  sweepId: () => Promise<SweepId>,
): RepairBook {
  return {
    plan: async (draft) => deps.sweeps.plan(asRepair(await sweepId(), unknownYet(draft))),
    unplan: async (draft) => deps.sweeps.unplan(asRepair(await sweepId(), draft).id),
    record: async (drafts) => {
      if (drafts.length === 0) return;
      const id = await sweepId();
      await deps.sweeps.record(drafts.map((draft) => asRepair(id, draft)));
    },
  };
}

/** `after` is what was asked for; nobody has said yet that it came to be. */
const unknownYet = (draft: RepairDraft): RepairDraft => ({
  ...draft,
  after: { ...draft.after, outcome: 'unknown' },
});

const asRepair = (sweepId: SweepId, draft: RepairDraft): Repair => ({
  ...draft,
  id: `${sweepId}/${draft.rentalId}/${draft.kind}`,
  sweepId,
});
