/** The shape `Box`: who a tierbox is and when it was heard; never what it signs with. */
import { z } from 'zod';
import { BOX_STATES, isReachable, type Box } from '../../../domain/box';
import type { Instant } from '../../../domain/time';
import { InstantOut, shown, shownOrNull } from '../fields';

export const BoxShape = z
  .object({
    id: z.string(),
    rentalId: z.string(),
    state: z.enum(BOX_STATES),
    objectKey: z.string().nullable(),
    ownerKey: z.string().nullable(),
    rebindAsked: z.array(z.object({ objectKey: z.string(), at: InstantOut })).meta({
      description: 'Objects that asked for this box with a valid signature and the same owner.',
    }),
    lastSeenAt: InstantOut.nullable(),
    reachable: z.boolean().meta({ description: 'Heard within its last three polls.' }),
    outbox: z.int().nullable().meta({ description: 'Events waiting in it, as it said last.' }),
    version: z.string().nullable(),
    createdAt: InstantOut,
  })
  .meta({ id: 'Box' });

/** With what an object needs to register as this box; null in a replayed answer. */
export const PairedBoxShape = BoxShape.extend({
  pairingCode: z.string().nullable().meta({ description: 'Shown once; one use, 30 minutes.' }),
  expiresAt: InstantOut,
}).meta({ id: 'PairedBox' });

export const presentBox = (box: Box, now: Instant): z.infer<typeof BoxShape> => ({
  id: box.id,
  rentalId: box.rentalId,
  state: box.state,
  objectKey: box.objectKey,
  ownerKey: box.ownerKey,
  rebindAsked: box.rebindAsked.map(({ objectKey, at }) => ({ objectKey, at: shown(at) })),
  lastSeenAt: shownOrNull(box.lastSeenAt),
  reachable: isReachable(box, now),
  outbox: box.outbox,
  version: box.version,
  createdAt: shown(box.createdAt),
});
