/** The shape `Entry`: one line of a tenancy's ledger. */
import { z } from 'zod';
import { ENTRY_KINDS, type Entry } from '../../../domain/ledger/entry';
import { InstantOut, shown, shownOrNull } from '../fields';

export const EntryShape = z
  .object({
    id: z.string(),
    seq: z.int(),
    kind: z.enum(ENTRY_KINDS),
    seconds: z.int().meta({ description: 'Negative where time is taken.' }),
    amount: z.int().nullable().meta({ description: 'Whole L$; null where no money is meant.' }),
    at: InstantOut,
    paidAt: InstantOut.nullable(),
    paymentId: z.string().nullable(),
    reverses: z.string().nullable().meta({ description: 'The entry that this one takes back.' }),
    author: z.string(),
    reason: z.string(),
  })
  .meta({ id: 'Entry' });

export const presentEntry = (entry: Entry): z.infer<typeof EntryShape> => ({
  id: entry.id,
  seq: entry.seq,
  kind: entry.kind,
  seconds: entry.seconds,
  amount: entry.amount,
  at: shown(entry.at),
  paidAt: shownOrNull(entry.paidAt),
  paymentId: entry.paymentId,
  reverses: entry.reverses,
  author: entry.author,
  reason: entry.reason,
});
