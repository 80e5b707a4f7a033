/** The shape `Key`: who may do what; never the key itself but once, when it is made. */
import { z } from 'zod';
import { ROLES, type AccessKey } from '../../../domain/access';
import { InstantOut, shown, shownOrNull } from '../fields';

export const KeyShape = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    regions: z.array(z.string()).meta({ description: 'Empty = all regions.' }),
    createdAt: InstantOut,
    revokedAt: InstantOut.nullable(),
  })
  .meta({ id: 'Key' });

export const NewKeyShape = KeyShape.extend({
  key: z.string().nullable().meta({ description: 'Shown once; null in a replayed answer.' }),
}).meta({ id: 'NewKey' });

export const presentKey = (key: AccessKey): z.infer<typeof KeyShape> => ({
  id: key.id,
  name: key.name,
  role: key.role,
  regions: [...key.regions],
  createdAt: shown(key.createdAt),
  revokedAt: shownOrNull(key.revokedAt),
});
