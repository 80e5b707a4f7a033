/** L$ given back while a round is open on their payment: the refund is entered all the same. */
import { setImmediate as turn } from 'node:timers/promises';
import { newBox } from '../../src/domain/box';
import { parseTxId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import type { Report } from '../../src/domain/payments/report';
import { acceptReturned } from '../../src/flows/inworld/accept-returned';
import { settlePayments } from '../../src/flows/settle-payments';
import { createEstate, rentalOf, reportOf, START, statementOf } from '../support/estate';
import { sweepFor } from '../support/sweep-days';

/** A payment that waits at the provider, and its report. */
async function linked(report: Report) {
  const estate = createEstate();
  await estate.rentals.save([rentalOf(1)]);
  await settlePayments(estate.deps, { statements: [statementOf(1, { state: 'queued' })] });
  await estate.reports.intake(report);
  await settlePayments(estate.deps, { reportIds: [report.id] });
  const [stored] = await estate.reports.get([report.id]);
  expect(stored?.settledBy).toMatchObject({ by: 'link', txId: 'tx-1' });
  const complete = (deps: typeof estate.deps) =>
    settlePayments(deps, { statements: [statementOf(1, { version: 2 })] });
  /** Whoever was to be woken by it is not. */
  const giveBack = (amount: number) =>
    acceptReturned(
      { reports: estate.reports, wake: { settle: () => undefined }, log: estate.deps.log },
      {
        box: newBox(report.boxId, report.rentalId, START),
        now: estate.clock.now(),
        returned: { eventId: report.eventId, amount: lindens(amount), at: START },
      },
    );
  const kinds = () => estate.entries.all().map(({ kind }) => kind);
  return { ...estate, complete, giveBack, kinds };
}

it('a round that reads the report after the return has seen the return', async () => {
  const report = reportOf(1, { ref: parseTxId('tx-1'), amount: lindens(600) });
  const estate = await linked(report);
  const { deps, reports, giveBack } = estate;
  let isGiven = false;
  const get: typeof reports.get = async (ids) => {
    if (!isGiven && ids.includes(report.id)) {
      isGiven = true;
      await turn();
      await giveBack(300);
    }
    return reports.get(ids);
  };
  await estate.complete({ ...deps, reports: { ...reports, get } });
  expect(isGiven).toBe(true);
  await sweepFor(estate, { hours: 1 });
  expect(estate.kinds()).toEqual(['paid', 'refund']);
});

it('a round that reads the payment before the return loses against the one after it', async () => {
  const report = reportOf(1);
  const estate = await linked(report);
  const { deps, transactions, giveBack } = estate;
  let isGiven = false;
  const save: typeof transactions.save = async (rows) => {
    if (!isGiven) {
      isGiven = true;
      await giveBack(300);
      await settlePayments(deps, { reportIds: [report.id] });
    }
    return transactions.save(rows);
  };
  await estate.complete({ ...deps, transactions: { ...transactions, save } });
  expect(isGiven).toBe(true);
  await sweepFor(estate, { hours: 1 });
  expect(estate.kinds()).toEqual(['paid', 'refund']);
});
