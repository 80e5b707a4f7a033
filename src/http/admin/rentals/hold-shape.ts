/** The shape `Hold`: why a rental must not become overdue. */
import { z } from 'zod';
import type { Hold } from '../../../domain/rental';
import { InstantOut, shown, shownOrNull } from '../fields';

export const HoldShape = z
  .object({
    id: z.string(),
    reason: z.string(),
    author: z.string(),
    createdAt: InstantOut,
    until: InstantOut,
    releasedAt: InstantOut.nullable(),
  })
  .meta({ id: 'Hold' });

export const presentHold = (hold: Hold): z.infer<typeof HoldShape> => ({
  id: hold.id,
  reason: hold.reason,
  author: hold.author,
  createdAt: shown(hold.createdAt),
  until: shown(hold.until),
  releasedAt: shownOrNull(hold.releasedAt),
});
