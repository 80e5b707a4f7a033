/** Routes about tenancies: begin one, end it. */
import { acting, answer, changeRoute } from '../route';
import { EndTenancyBody, RentalParams, TenancyBody } from './rental-inputs';
import { presentRental, RentalShape } from './rental-shape';

export const TENANCY_ROUTES = [
  changeRoute({
    method: 'post',
    path: '/rentals/{id}/tenancy',
    role: 'manager',
    operationId: 'beginTenancy',
    summary: 'Begin a tenancy on a vacant rental',
    params: RentalParams,
    body: TenancyBody,
    success: 'created',
    shape: RentalShape,
    refusals: ['conflict'],
    handle: async (flows, call) => {
      const { tenant, startsAt } = call.body;
      const input = { rentalId: call.params.id, tenant, startsAt, by: acting(call) };
      const outcome = await flows.beginTenancy(input);
      if (outcome.kind !== 'begun') return outcome;
      return answer(presentRental(await flows.viewRental(outcome.rental)));
    },
  }),
  changeRoute({
    method: 'post',
    path: '/rentals/{id}/tenancy/end',
    role: 'manager',
    operationId: 'endTenancy',
    summary: 'End the current tenancy; refused while a payment is unresolved, unless forced',
    params: RentalParams,
    body: EndTenancyBody,
    success: 'ok',
    shape: RentalShape,
    refusals: ['conflict'],
    handle: async (flows, call) => {
      const unresolved = call.body.force ? 'force' : 'refuse';
      const input = { rentalId: call.params.id, unresolved, by: acting(call) } as const;
      const outcome = await flows.endTenancy(input);
      if (outcome.kind !== 'ended') return outcome;
      return answer(presentRental(await flows.viewRental(outcome.rental)));
    },
  }),
];
