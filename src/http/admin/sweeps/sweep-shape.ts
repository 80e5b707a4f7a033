/** The shapes `Sweep` and `Repair`: a run over the rentals, and what it set right. */
import { z } from 'zod';
import {
  REPAIR_KINDS,
  SWEEP_KINDS,
  SWEEP_STATUSES,
  type Repair,
  type Sweep,
} from '../../../domain/sweep';
import { InstantOut, shown, shownOrNull } from '../fields';

export const SweepShape = z
  .object({
    id: z.string(),
    kind: z.enum(SWEEP_KINDS),
    dryRun: z.boolean(),
    region: z.string().nullable(),
    status: z.enum(SWEEP_STATUSES),
    author: z.string(),
    startedAt: InstantOut,
    finishedAt: InstantOut.nullable(),
    counts: z.object({
      compared: z.int(),
      repaired: z.int(),
      breaks: z.int().meta({ description: 'Left to a person: found or still open in this run.' }),
      failed: z.int(),
    }),
    fault: z.string().nullable(),
  })
  .meta({ id: 'Sweep' });

export const RepairShape = z
  .object({
    rentalId: z.string(),
    kind: z.enum(REPAIR_KINDS),
    before: z.record(z.string(), z.unknown()),
    after: z.record(z.string(), z.unknown()),
    at: InstantOut,
  })
  .meta({ id: 'Repair' });

export const presentSweep = (sweep: Sweep): z.infer<typeof SweepShape> => ({
  id: sweep.id,
  kind: sweep.kind,
  dryRun: sweep.dryRun,
  region: sweep.region,
  status: sweep.status,
  author: sweep.author,
  startedAt: shown(sweep.startedAt),
  finishedAt: shownOrNull(sweep.finishedAt),
  counts: { ...sweep.counts },
  fault: sweep.fault,
});

export const presentRepair = (repair: Repair): z.infer<typeof RepairShape> => ({
  rentalId: repair.rentalId,
  kind: repair.kind,
  before: { ...repair.before },
  after: { ...repair.after },
  at: shown(repair.at),
});
