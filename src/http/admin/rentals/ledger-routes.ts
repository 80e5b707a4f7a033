/** Routes that add entries by hand: grants, and the reversal of an entry. */
import { z } from 'zod';
import { parseEntryId } from '../../../domain/ids';
import { parsed, WithReason } from '../fields';
import { acting, answer, changeRoute } from '../route';
import { EntryShape, presentEntry } from './entry-shape';
import { GrantBody, RentalParams } from './rental-inputs';

export const LEDGER_ROUTES = [
  changeRoute({
    method: 'post',
    path: '/rentals/{id}/grants',
    role: 'manager',
    operationId: 'grantTime',
    summary: 'Grant time to the current tenancy, make good an outage, or adjust',
    params: RentalParams,
    body: GrantBody,
    success: 'created',
    shape: EntryShape,
    refusals: ['conflict'],
    handle: async (flows, call) => {
      const { seconds, kind } = call.body;
      const input = { rentalId: call.params.id, grant: { seconds, kind }, by: acting(call) };
      const outcome = await flows.grantTime(input);
      return outcome.kind === 'granted' ? answer(presentEntry(outcome.entry)) : outcome;
    },
  }),
  changeRoute({
    method: 'post',
    path: '/entries/{id}/reverse',
    role: 'manager',
    operationId: 'reverseEntry',
    summary: 'Reverse an entry by a new one that points at it',
    params: z.strictObject({ id: parsed(parseEntryId) }),
    body: WithReason,
    success: 'created',
    shape: EntryShape,
    refusals: ['conflict'],
    handle: async (flows, call) => {
      const outcome = await flows.reverseByHand({ entryId: call.params.id, by: acting(call) });
      return outcome.kind === 'reversed' ? answer(presentEntry(outcome.entry)) : outcome;
    },
  }),
];
