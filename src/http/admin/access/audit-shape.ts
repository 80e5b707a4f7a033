/** The shape `Audit`: who changed what, when and why. */
import { z } from 'zod';
import type { Audit } from '../../../domain/access';
import { InstantOut, shown } from '../fields';

export const AuditShape = z
  .object({
    id: z.string(),
    at: InstantOut,
    author: z.string().meta({ description: 'The name of the key, or `system`.' }),
    subject: z.string(),
    action: z.string(),
    reason: z.string().nullable(),
    before: z.unknown().meta({ description: 'What was; null where there was nothing.' }),
    after: z.unknown(),
  })
  .meta({ id: 'Audit' });

export const presentAudit = (row: Audit): z.infer<typeof AuditShape> => ({
  id: row.id,
  at: shown(row.at),
  author: row.author,
  subject: row.subject,
  action: row.action,
  reason: row.reason,
  before: row.before ?? null,
  after: row.after ?? null,
});
