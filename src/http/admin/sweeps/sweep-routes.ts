/** Routes about sweeps: start one, list, show, and its repairs. */
import { z } from 'zod';
import { parseSweepId } from '../../../domain/ids';
import { SWEEP_KINDS } from '../../../domain/sweep';
import { listOf, OptionalReason, PAGE, parsed, text } from '../fields';
import { answer, changeRoute, NO_PARAMS, NO_QUERY, readRoute } from '../route';
import { presentRepair, presentSweep, RepairShape, SweepShape } from './sweep-shape';

const SweepParams = z.strictObject({ id: parsed(parseSweepId) });

const NewSweepBody = z
  .strictObject({
    kind: z.enum(SWEEP_KINDS),
    dryRun: z.boolean().default(false).meta({
      description: 'True: lists every repair that it would make, and makes none. Resync only.',
    }),
    region: text(1, 100, 'Default: every region that the key reaches. Resync only.')
      .nullable()
      .default(null),
    reason: OptionalReason,
  })
  .meta({ id: 'NewSweep' });

export const SWEEP_ROUTES = [
  changeRoute({
    method: 'post',
    path: '/sweeps',
    role: 'manager',
    operationId: 'startSweep',
    summary: 'Start a sweep now',
    params: NO_PARAMS,
    body: NewSweepBody,
    success: 'accepted',
    shape: SweepShape,
    refusals: ['not-found', 'conflict'],
    handle: async (flows, { body, by }) => {
      const { kind, dryRun, region, reason } = body;
      const mode = dryRun ? 'dry-run' : 'apply';
      const outcome = await flows.sweepByHand({ kind, mode, region, by: { ...by, reason } });
      return outcome.kind === 'started' ? answer(presentSweep(outcome.sweep)) : outcome;
    },
  }),
  readRoute({
    path: '/sweeps',
    role: 'manager',
    operationId: 'listSweeps',
    summary: 'List sweeps, the latest first',
    params: NO_PARAMS,
    query: z.strictObject(PAGE),
    shape: listOf(SweepShape),
    handle: async (flows, { query, scope }) => {
      const { rows, next } = await flows.listSweeps({ ...query, scope });
      return answer({ data: rows.map(presentSweep), next });
    },
  }),
  readRoute({
    path: '/sweeps/{id}',
    role: 'manager',
    operationId: 'showSweep',
    summary: 'Show a sweep',
    params: SweepParams,
    query: NO_QUERY,
    shape: SweepShape,
    handle: async (flows, { params, scope }) => {
      const outcome = await flows.showSweep({ id: params.id, scope });
      return outcome.kind === 'found' ? answer(presentSweep(outcome.sweep)) : outcome;
    },
  }),
  readRoute({
    path: '/sweeps/{id}/repairs',
    role: 'manager',
    operationId: 'listRepairs',
    summary: 'List the repairs of a sweep; for a dry run those that it would make',
    params: SweepParams,
    query: z.strictObject(PAGE),
    shape: listOf(RepairShape),
    handle: async (flows, { params, query, scope }) => {
      const outcome = await flows.listRepairs({ ...query, id: params.id, scope });
      if (outcome.kind !== 'found') return outcome;
      return answer({ data: outcome.rows.map(presentRepair), next: outcome.next });
    },
  }),
];
