/** Words that a round in progress does not know of, or dies on: somebody still settles them. */
import { newBox } from '../../src/domain/box';
import { parseTxId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import { plusMs, SECOND_MS } from '../../src/domain/time';
import { acceptReturned } from '../../src/flows/inworld/accept-returned';
import { StorageUnavailable } from '../../src/flows/ports/money-ports';
import { settlePayments } from '../../src/flows/settle-payments';
import type { Report } from '../../src/domain/payments/report';
import type { Statement } from '../../src/domain/payments/transaction';
import { createEstate, rentalOf, reportOf, START, statementOf } from '../support/estate';
import { sweepFor } from '../support/sweep-days';

const AFTER_S = { 1: 2_400, 2: 0, 3: 20 } as const;
type N = keyof typeof AFTER_S;
const paidAt = (n: N) => plusMs(START, AFTER_S[n] * SECOND_MS);
const said = (n: N, version: number) => statementOf(n, { paidAt: paidAt(n), version });
const reported = (n: N) => reportOf(n, { paidAt: paidAt(n), at: paidAt(n) });

function world() {
  const estate = createEstate();
  const { deps, reports } = estate;
  const settle = (statements: readonly Statement[]) => settlePayments(deps, { statements });
  const report = async (one: Report): Promise<void> => {
    await reports.intake(one);
    await settlePayments(deps, { reportIds: [one.id] });
  };
  const giveBack = (one: Report) =>
    acceptReturned(
      { reports, wake: { settle: () => undefined }, log: deps.log },
      {
        box: newBox(one.boxId, one.rentalId, START),
        now: estate.clock.now(),
        returned: { eventId: one.eventId, amount: one.amount, at: START },
      },
    );
  const refunded = async (n: N) =>
    (await estate.transactions.get([parseTxId(`tx-${n}`)]))[0]?.refundedInFull;
  return { ...estate, settle, report, giveBack, refunded };
}

it('a link made in a round that dies is heard of by a transaction that was not due', async () => {
  const estate = world();
  const { deps, reports, settle, report } = estate;
  await estate.rentals.save([rentalOf(1)]);
  await settle([said(1, 1)]);
  for (const n of [2, 3] as const) {
    await report(reported(n));
    await settle([said(n, 1)]);
  }
  await sweepFor(estate, { hours: 2 });
  await reports.intake(reported(1));
  await estate.giveBack(reported(1));
  let isDead = false;
  const save: typeof reports.save = async (rows) => {
    if (isDead) throw new StorageUnavailable('killed');
    isDead = rows.some(({ settledBy }) => settledBy !== null);
    return reports.save(rows);
  };
  const dying = { ...deps, reports: { ...reports, save } };
  await expect(settlePayments(dying, { statements: [said(2, 2), said(3, 2)] })).rejects.toThrow(
    'killed',
  );
  for (const n of [2, 3] as const) await settle([said(n, 2)]);
  await sweepFor(estate, { hours: 2 });
  expect(await Promise.all(([1, 2, 3] as const).map(estate.refunded))).toEqual([
    ...[true, false, false],
  ]);
});

it('a word that L$ were given back reaches a payment that is being closed', async () => {
  const estate = world();
  const { deps, reports } = estate;
  await estate.rentals.save([rentalOf(1, { unitId: null, verifiedBy: 'box' })]);
  const one = reportOf(1, { unitId: null });
  await reports.intake(one);
  const returnedFor: typeof reports.returnedFor = async (ids) => {
    const found = await reports.returnedFor(ids);
    await estate.giveBack(one);
    return found;
  };
  await settlePayments({ ...deps, reports: { ...reports, returnedFor } }, { reportIds: [one.id] });
  await sweepFor(estate, { hours: 1 });
  expect((await reports.get([one.id]))[0]).toMatchObject({ refundedInFull: true });
});

it('a difference about what a report names is not gone because nobody looked there', async () => {
  const estate = world();
  const { settle, report, reports, deps } = estate;
  await estate.rentals.save([rentalOf(1)]);
  const queued = (n: number, over = {}) => statementOf(n, { state: 'queued', ...over });
  await settle([queued(2, { amount: lindens(350) }), queued(3)]);
  const naming = reportOf(3, { ref: parseTxId('tx-2'), amount: lindens(350) });
  await report(naming);
  const [stored] = await reports.get([naming.id]);
  const byPerson = { by: 'link', txId: parseTxId('tx-3'), basis: 'person' } as const;
  await reports.save([{ ...stored!, settledBy: byPerson }]);
  await settlePayments(deps, { reportIds: [naming.id] });
  const breaks = () => estate.breaks.all().map(({ kind, state }) => [kind, state]);
  expect(breaks()).toEqual([['reference-differs', 'open']]);
  await report(reportOf(4));
  await settle([queued(4)]);
  expect(breaks()).toEqual([['reference-differs', 'open']]);
});
