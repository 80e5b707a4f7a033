/** Routes about holds: protect a rental, release it. */
import { acting, answer, changeRoute } from '../route';
import { WithReason } from '../fields';
import { HoldShape, presentHold } from './hold-shape';
import { HoldBody, HoldParams, RentalParams } from './rental-inputs';

export const HOLD_ROUTES = [
  changeRoute({
    method: 'post',
    path: '/rentals/{id}/holds',
    role: 'manager',
    operationId: 'placeHold',
    summary: 'Protect a rental from becoming overdue',
    params: RentalParams,
    body: HoldBody,
    success: 'created',
    shape: HoldShape,
    refusals: ['conflict'],
    handle: async (flows, call) => {
      const input = { rentalId: call.params.id, until: call.body.until, by: acting(call) };
      const outcome = await flows.placeHold(input);
      return outcome.kind === 'placed' ? answer(presentHold(outcome.hold)) : outcome;
    },
  }),
  changeRoute({
    method: 'post',
    path: '/rentals/{id}/holds/{holdId}/release',
    role: 'manager',
    operationId: 'releaseHold',
    summary: 'End a hold before its time',
    params: HoldParams,
    body: WithReason,
    success: 'ok',
    shape: HoldShape,
    refusals: ['conflict'],
    handle: async (flows, call) => {
      const { id: rentalId, holdId } = call.params;
      const outcome = await flows.releaseHold({ rentalId, holdId, by: acting(call) });
      return outcome.kind === 'released' ? answer(presentHold(outcome.hold)) : outcome;
    },
  }),
];
