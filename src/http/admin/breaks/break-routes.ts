/** Routes about breaks: list, show, open, assign, comment, resolve. */
import { z } from 'zod';
import { BREAK_KINDS } from '../../../domain/break';
import { parseBreakId } from '../../../domain/ids';
import { asked, listOf, PAGE, parsed, Reason, text } from '../fields';
import { acting, answer, changeRoute, NO_PARAMS, NO_QUERY, readRoute } from '../route';
import { BREAK_STATES, BreakShape, presentBreak } from './break-shape';

const BreakParams = z.strictObject({ id: parsed(parseBreakId) });
const Owner = text(1, 100, 'Who settles it.');

const BreakListQuery = z.strictObject({
  ...PAGE,
  kind: asked(z.enum(BREAK_KINDS)),
  owner: asked(Owner),
  state: asked(z.enum(BREAK_STATES)),
});

const NewBreakBody = z
  .strictObject({
    kind: z.enum(BREAK_KINDS),
    subjects: z.array(z.string().min(1).max(140)).min(1).max(20).meta({
      description: 'Ids of rentals, boxes, tenancies, entries or payments.',
    }),
    reason: Reason,
  })
  .meta({ id: 'NewBreak' });

export const BREAK_ROUTES = [
  readRoute({
    path: '/breaks',
    role: 'viewer',
    operationId: 'listBreaks',
    summary: 'List differences that no rule could settle',
    params: NO_PARAMS,
    query: BreakListQuery,
    shape: listOf(BreakShape),
    handle: async (flows, { query, scope }) => {
      const { rows, next } = await flows.listBreaks({ ...query, regions: scope.regions });
      return answer({ data: rows.map(presentBreak), next });
    },
  }),
  readRoute({
    path: '/breaks/{id}',
    role: 'viewer',
    operationId: 'showBreak',
    summary: 'Show a break',
    params: BreakParams,
    query: NO_QUERY,
    shape: BreakShape,
    handle: async (flows, { params, scope }) => {
      const outcome = await flows.showBreak({ id: params.id, scope });
      return outcome.kind === 'found' ? answer(presentBreak(outcome.found)) : outcome;
    },
  }),
  changeRoute({
    method: 'post',
    path: '/breaks',
    role: 'manager',
    operationId: 'openBreak',
    summary: 'Open a break for a difference that a person saw',
    params: NO_PARAMS,
    body: NewBreakBody,
    success: 'created',
    shape: BreakShape,
    handle: async (flows, call) => {
      const { kind, subjects } = call.body;
      const outcome = await flows.openBreak({ kind, subjects, by: acting(call) });
      return outcome.kind === 'opened' ? answer(presentBreak(outcome.opened)) : outcome;
    },
  }),
  changeRoute({
    method: 'post',
    path: '/breaks/{id}/assign',
    role: 'manager',
    operationId: 'assignBreak',
    summary: 'Give a break to somebody',
    params: BreakParams,
    body: z.strictObject({ owner: Owner, reason: Reason }).meta({ id: 'Assignment' }),
    success: 'ok',
    shape: BreakShape,
    refusals: ['conflict'],
    handle: async (flows, call) => {
      const input = { id: call.params.id, owner: call.body.owner, by: acting(call) };
      const outcome = await flows.assignBreak(input);
      return outcome.kind === 'changed' ? answer(presentBreak(outcome.changed)) : outcome;
    },
  }),
  changeRoute({
    method: 'post',
    path: '/breaks/{id}/comment',
    role: 'manager',
    operationId: 'commentBreak',
    summary: 'Add a comment to a break',
    params: BreakParams,
    body: z
      .strictObject({ text: text(1, 2_000, 'What to say.'), reason: Reason })
      .meta({ id: 'Comment' }),
    success: 'ok',
    shape: BreakShape,
    refusals: ['conflict'],
    handle: async (flows, call) => {
      const input = { id: call.params.id, text: call.body.text, by: acting(call) };
      const outcome = await flows.commentBreak(input);
      return outcome.kind === 'changed' ? answer(presentBreak(outcome.changed)) : outcome;
    },
  }),
  changeRoute({
    method: 'post',
    path: '/breaks/{id}/resolve',
    role: 'manager',
    operationId: 'resolveBreak',
    summary:
      'Close a break; a `no-usable-word` that the service opened, closed as `time-used-up`, is ' +
      'the second key to overdue',
    params: BreakParams,
    body: z
      .strictObject({ resolution: text(1, 500, 'What it came to.'), reason: Reason })
      .meta({ id: 'Resolution' }),
    success: 'ok',
    shape: BreakShape,
    refusals: ['conflict'],
    handle: async (flows, call) => {
      const { resolution } = call.body;
      const input = { id: call.params.id, resolution, by: acting(call) };
      const outcome = await flows.resolveBreak(input);
      return outcome.kind === 'changed' ? answer(presentBreak(outcome.changed)) : outcome;
    },
  }),
];
