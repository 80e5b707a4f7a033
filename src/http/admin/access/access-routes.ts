/** Routes about who may do what, and who did: audit and keys. */
import { z } from 'zod';
import { ROLES } from '../../../domain/access';
import { SYSTEM } from '../../../domain/ledger/entry';
import { asked, listOf, PAGE, Reason, text, WithReason } from '../fields';
import { acting, answer, changeRoute, NO_PARAMS, readRoute } from '../route';
import { AuditShape, presentAudit } from './audit-shape';
import { KeyShape, NewKeyShape, presentKey } from './key-shape';

const AuditQuery = z.strictObject({
  ...PAGE,
  subject: asked(
    z
      .string()
      .min(1)
      .max(200)
      .meta({ description: 'Id of what was changed; a rental’s for all that belongs to it.' }),
  ),
});

const NewKeyBody = z
  .strictObject({
    name: text(1, 100, 'Changes are recorded under it.').refine(
      (name) => name.toLowerCase() !== SYSTEM,
      'This name is the service’s own.',
    ),
    role: z.enum(ROLES),
    regions: z
      .array(text(1, 100, 'As the grid spells it.'))
      .max(100)
      .default([])
      .meta({
        description: 'Empty = all regions.',
      }),
    reason: Reason,
  })
  .meta({ id: 'NewKeyRequest' });

export const ACCESS_ROUTES = [
  readRoute({
    path: '/audit',
    role: 'viewer',
    operationId: 'listAudit',
    summary: 'List who changed what, when and why, the latest first',
    params: NO_PARAMS,
    query: AuditQuery,
    shape: listOf(AuditShape),
    handle: async (flows, { query, scope }) => {
      const { rows, next } = await flows.listAudit({ ...query, scope });
      return answer({ data: rows.map(presentAudit), next });
    },
  }),
  readRoute({
    path: '/keys',
    role: 'owner',
    operationId: 'listKeys',
    summary: 'List keys; never what they are',
    params: NO_PARAMS,
    query: z.strictObject(PAGE),
    shape: listOf(KeyShape),
    handle: async (flows, { query, scope }) => {
      const { rows, next } = await flows.listKeys({ ...query, scope });
      return answer({ data: rows.map(presentKey), next });
    },
  }),
  changeRoute({
    method: 'post',
    path: '/keys',
    role: 'owner',
    operationId: 'createKey',
    summary: 'Make a key; it is shown once',
    params: NO_PARAMS,
    body: NewKeyBody,
    success: 'created',
    shape: NewKeyShape,
    refusals: ['not-found', 'conflict'],
    handle: async (flows, call) => {
      const { name, role, regions } = call.body;
      const outcome = await flows.createKey({ name, role, regions, by: acting(call) });
      if (outcome.kind !== 'created') return outcome;
      return answer({ ...presentKey(outcome.key), key: null }, { key: outcome.text });
    },
  }),
  changeRoute({
    method: 'post',
    path: '/keys/{id}/revoke',
    role: 'owner',
    operationId: 'revokeKey',
    summary: 'Revoke a key',
    params: z.strictObject({ id: z.string().regex(/^key_\w{1,40}$/) }),
    body: WithReason,
    success: 'ok',
    shape: KeyShape,
    refusals: ['conflict'],
    handle: async (flows, call) => {
      const outcome = await flows.revokeKey({ id: call.params.id, by: acting(call) });
      return outcome.kind === 'revoked' ? answer(presentKey(outcome.key)) : outcome;
    },
  }),
];
