/** Routes about boxes: list, make, pair, rebind, rotate, retire. */
import { z } from 'zod';
import { parseBoxId, parseObjectKey, parseRentalId } from '../../../domain/ids';
import type { BoxPaired } from '../../../flows/boxes/pair-box-by-hand';
import { listOf, PAGE, parsed, Reason, shown, WithReason } from '../fields';
import { acting, answer, changeRoute, NO_PARAMS, readRoute, type Answer } from '../route';
import { BoxShape, PairedBoxShape, presentBox } from './box-shape';

const BoxParams = z.strictObject({ id: parsed(parseBoxId) });

export const BOX_ROUTES = [
  readRoute({
    path: '/boxes',
    role: 'viewer',
    operationId: 'listBoxes',
    summary: 'List boxes: when they were heard, what waits in them',
    params: NO_PARAMS,
    query: z.strictObject(PAGE),
    shape: listOf(BoxShape),
    handle: async (flows, { query, scope }) => {
      const { rows, next, now } = await flows.listBoxes({ ...query, scope });
      return answer({ data: rows.map((box) => presentBox(box, now)), next });
    },
  }),
  changeRoute({
    method: 'post',
    path: '/boxes',
    role: 'owner',
    operationId: 'createBox',
    summary: 'Make a box for a rental, with a code that one object may pair with',
    params: NO_PARAMS,
    body: z
      .strictObject({ rentalId: parsed(parseRentalId), reason: Reason })
      .meta({ id: 'NewBox' }),
    success: 'created',
    shape: PairedBoxShape,
    refusals: ['not-found', 'conflict'],
    handle: async (flows, call) => {
      const of = { kind: 'new', rentalId: call.body.rentalId } as const;
      const outcome = await flows.pairBoxByHand({ of, by: acting(call) });
      return outcome.kind === 'changed' ? presentPaired(outcome) : outcome;
    },
  }),
  changeRoute({
    method: 'post',
    path: '/boxes/{id}/pairing-code',
    role: 'owner',
    operationId: 'givePairingCode',
    summary: 'Give a new pairing code; with `revoke` all secrets end at once',
    params: BoxParams,
    body: z
      .strictObject({ revoke: z.boolean().default(false), reason: Reason })
      .meta({ id: 'NewPairingCode' }),
    success: 'ok',
    shape: PairedBoxShape,
    refusals: ['conflict'],
    handle: async (flows, call) => {
      const secrets = call.body.revoke ? 'end' : 'keep';
      const of = { kind: 'known', boxId: call.params.id, secrets } as const;
      const outcome = await flows.pairBoxByHand({ of, by: acting(call) });
      return outcome.kind === 'changed' ? presentPaired(outcome) : outcome;
    },
  }),
  changeRoute({
    method: 'post',
    path: '/boxes/{id}/rebind',
    role: 'owner',
    operationId: 'rebindBox',
    summary: 'Bind a box to an object that asked for it; only then the one before stops',
    params: BoxParams,
    body: z
      .strictObject({ objectKey: parsed(parseObjectKey, { format: 'uuid' }), reason: Reason })
      .meta({ id: 'Rebinding' }),
    success: 'ok',
    shape: BoxShape,
    refusals: ['conflict'],
    handle: async (flows, call) => {
      const wish = { kind: 'rebind', objectKey: call.body.objectKey } as const;
      const input = { boxId: call.params.id, wish, by: acting(call) };
      const outcome = await flows.changeBoxByHand(input);
      return outcome.kind === 'changed' ? answer(presentBox(outcome.box, outcome.now)) : outcome;
    },
  }),
  simpleChange('rotate-secret', 'rotateSecret', 'Offer the box a new secret at its next polls'),
  simpleChange('retire', 'retireBox', 'Take a box out of use; its payments are still taken in'),
];

function simpleChange(kind: 'rotate-secret' | 'retire', operationId: string, summary: string) {
  return changeRoute({
    method: 'post',
    path: `/boxes/{id}/${kind}`,
    role: 'owner',
    operationId,
    summary,
    params: BoxParams,
    body: WithReason,
    success: 'ok',
    shape: BoxShape,
    refusals: ['conflict'],
    handle: async (flows, call) => {
      const input = { boxId: call.params.id, wish: { kind }, by: acting(call) };
      const outcome = await flows.changeBoxByHand(input);
      return outcome.kind === 'changed' ? answer(presentBox(outcome.box, outcome.now)) : outcome;
    },
  });
}

function presentPaired({ box, pairingCode, expiresAt, now }: BoxPaired): Answer {
  const body = { ...presentBox(box, now), pairingCode: null, expiresAt: shown(expiresAt) };
  return answer(body, { pairingCode });
}
