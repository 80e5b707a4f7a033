/** Routes about rentals: list, show, create, change terms. */
import { listOf } from '../fields';
import { acting, answer, changeRoute, NO_PARAMS, NO_QUERY, readRoute } from '../route';
import { NewRentalBody, RentalListQuery, RentalParams, TermsBody } from './rental-inputs';
import { OneRentalShape, presentOneRental, presentRental, RentalShape } from './rental-shape';

export const RENTAL_ROUTES = [
  readRoute({
    path: '/rentals',
    role: 'viewer',
    operationId: 'listRentals',
    summary: 'List rentals with their standing',
    params: NO_PARAMS,
    query: RentalListQuery,
    shape: listOf(RentalShape),
    handle: async (flows, { query, scope }) => {
      const { limit, cursor, standing, region, q } = query;
      const page = { limit, cursor, stage: standing, region, text: q, scope };
      const { rows, next } = await flows.listRentals(page);
      return answer({ data: rows.map(presentRental), next });
    },
  }),
  readRoute({
    path: '/rentals/{id}',
    role: 'viewer',
    operationId: 'showRental',
    summary: 'Show a rental with its ledger, payments, holds, box and history',
    params: RentalParams,
    query: NO_QUERY,
    shape: OneRentalShape,
    handle: async (flows, { params, scope }) => {
      const outcome = await flows.showRental({ id: params.id, scope });
      return outcome.kind === 'found' ? answer(presentOneRental(outcome)) : outcome;
    },
  }),
  changeRoute({
    method: 'post',
    path: '/rentals',
    role: 'manager',
    operationId: 'createRental',
    summary: 'Create a rental, let or vacant',
    params: NO_PARAMS,
    body: NewRentalBody,
    success: 'created',
    shape: RentalShape,
    refusals: ['not-found', 'conflict'],
    handle: async (flows, call) => {
      const { verifiedBy: _given, reason: _kept, ...draft } = call.body;
      const outcome = await flows.createRental({ draft, by: acting(call) });
      if (outcome.kind !== 'created') return outcome;
      return answer(presentRental(await flows.viewRental(outcome.rental)));
    },
  }),
  changeRoute({
    method: 'patch',
    path: '/rentals/{id}',
    role: 'manager',
    operationId: 'changeTerms',
    summary: 'Change a name or the terms from now on; the terms that held are kept',
    params: RentalParams,
    body: TermsBody,
    success: 'ok',
    shape: RentalShape,
    refusals: ['conflict'],
    handle: async (flows, call) => {
      const { reason: _kept, ...change } = call.body;
      const input = { rentalId: call.params.id, change, by: acting(call) };
      const outcome = await flows.changeTerms(input);
      if (outcome.kind !== 'changed') return outcome;
      return answer(presentRental(await flows.viewRental(outcome.rental)));
    },
  }),
];
