/** A payment confirmed by hand whose transaction comes late, beside an equal one by rule. */
import { MINUTE_MS, plusMs, type Instant } from '../../src/domain/time';
import { settlePayments } from '../../src/flows/settle-payments';
import { createEstate, rentalOf, reportOf, START, statementOf } from '../support/estate';

const minute = (n: number): Instant => plusMs(START, n * MINUTE_MS);

it('credits two equal payments once each, when the first was confirmed by hand', async () => {
  const estate = createEstate();
  const { deps, entries, reports } = estate;
  await estate.rentals.save([rentalOf(1)]);
  // The second payment and its transaction find each other by rule.
  const second = reportOf(2, { at: minute(5), paidAt: minute(5) });
  await reports.intake(second);
  const credited = statementOf(2, { paidAt: minute(1) });
  await settlePayments(deps, { statements: [credited], reportIds: [second.id] });
  // In order of time alone the first one would meet that transaction, and free the second's.
  const decided = { by: 'hand', type: 'manual', reference: 'x' } as const;
  const first = reportOf(1, { settledBy: decided });
  await reports.intake(first);
  await settlePayments(deps, { reportIds: [first.id] });
  await settlePayments(deps, { statements: [statementOf(1, { paidAt: minute(6) })] });

  const sources = entries.all().map(({ kind, source }) => [kind, source]);
  expect(sources).toEqual([
    ['paid', 'tx:tx-2'],
    ['external', expect.anything()],
  ]);
  const [late] = await estate.transactions.get([statementOf(1).txId]);
  expect([late?.reportId, late?.tenancyId]).toEqual([first.id, null]);
});
