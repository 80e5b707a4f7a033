/** When news of a linked payment looks for other reports around it, and when its link stands. */
import { parseTxId, type TxId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import type { Report } from '../../src/domain/payments/report';
import type { Statement } from '../../src/domain/payments/transaction';
import { HOUR_MS, MINUTE_MS, plusMs } from '../../src/domain/time';
import { settlePayments } from '../../src/flows/settle-payments';
import type { SettleInput } from '../../src/flows/settlement/batch';
import { agent, createEstate, rentalOf, reportOf, START, statementOf } from '../support/estate';

const queued = (n: number, over = {}) => statementOf(n, { state: 'queued', ...over });
const completed = (n: number, over = {}) => statementOf(n, { version: 2, ...over });
const TX = parseTxId('tx-1');

/** Report 1 is linked to `tx-1`, which is queued at the provider. */
async function linked(over: Partial<Report> = {}, said: Partial<Statement> = {}) {
  const estate = createEstate();
  const { deps, reports } = estate;
  await estate.rentals.save([rentalOf(1)]);
  const report = reportOf(1, over);
  await reports.intake(report);
  await settlePayments(deps, { reportIds: [report.id] });
  await settlePayments(deps, { statements: [queued(1, said)] });
  const around = new Set<TxId>();
  const concerning: typeof reports.concerning = (txIds, known) => {
    for (const id of txIds) around.add(id);
    return reports.concerning(txIds, known);
  };
  /** Whether it was asked which reports stand around the transaction. */
  const hear = async (input: SettleInput, id = TX): Promise<boolean> => {
    around.clear();
    await settlePayments({ ...deps, reports: { ...reports, concerning } }, input);
    return around.has(id);
  };
  const stored = async () => (await reports.get([report.id]))[0]!;
  const credited = async (id = TX) => (await deps.transactions.get([id]))[0]!.creditedBy !== null;
  return { ...estate, report, hear, stored, credited };
}

it('stands when the provider completes the payment', async () => {
  const { hear, stored, credited } = await linked();
  expect(await hear({ statements: [completed(1)] })).toBe(false);
  expect((await stored()).settledBy).toEqual({ by: 'link', txId: TX, basis: 'paired' });
  expect(await credited()).toBe(true);
});

it.each([
  ['another amount', { amount: lindens(600) }],
  ['another payer', { payer: agent(2) }],
  ['another time', { paidAt: plusMs(START, 30 * MINUTE_MS) }],
])('is drawn anew when the provider says %s', async (_, over) => {
  const { hear, stored } = await linked();
  expect(await hear({ statements: [completed(1, over)] })).toBe(true);
  expect((await stored()).settledBy).toBeNull();
});

it('is drawn anew when the time turns out to be known, as it was guessed', async () => {
  const { hear } = await linked({}, { paidAt: null });
  expect(await hear({ statements: [completed(1)] })).toBe(true);
});

it('is drawn anew with another payment of the same amount that comes with it', async () => {
  const { hear } = await linked();
  expect(await hear({ statements: [completed(1), queued(2)] })).toBe(true);
  const other = await linked();
  const second = reportOf(2, { paidAt: plusMs(START, MINUTE_MS) });
  await other.reports.intake(second);
  expect(await other.hear({ statements: [completed(1)], reportIds: [second.id] })).toBe(true);
});

it('is drawn anew with a report that names it and comes with it', async () => {
  const { hear, reports, stored } = await linked();
  const naming = reportOf(2, { ref: TX, amount: lindens(600) });
  await reports.intake(naming);
  expect(await hear({ statements: [completed(1)], reportIds: [naming.id] })).toBe(true);
  const [holder] = await reports.get([naming.id]);
  expect(holder?.settledBy).toMatchObject({ by: 'link', txId: TX, basis: 'named' });
  expect((await stored()).settledBy).toBeNull();
});

it('is drawn anew where the report has moved on to another transaction', async () => {
  const { hear, reports, stored } = await linked();
  const before = await stored();
  const elsewhere = { by: 'link', txId: parseTxId('tx-7'), basis: 'paired' } as const;
  await reports.save([{ ...before, settledBy: elsewhere }]);
  expect(await hear({ statements: [completed(1)] })).toBe(true);
  await reports.save([{ ...(await stored()), settledBy: null }]);
  expect(await hear({ statements: [completed(1, { version: 3 })] })).toBe(true);
});

it('is drawn anew where the report names another one, which may be known by now', async () => {
  const { hear, reports, stored } = await linked();
  await reports.save([{ ...(await stored()), ref: parseTxId('tx-7'), unknownUpstream: true }]);
  expect(await hear({ statements: [completed(1)] })).toBe(true);
});

it('is drawn anew where there is a difference, which the news may settle', async () => {
  const { hear, stored } = await linked({ ref: TX, amount: lindens(600) });
  expect((await stored()).breaks).toEqual(['amount-differs']);
  expect(await hear({ statements: [completed(1)] })).toBe(true);
});

it('is drawn anew where a round may have died on its way to the payment', async () => {
  const { hear, transactions, clock } = await linked();
  const [tx] = await transactions.get([TX]);
  await transactions.save([{ ...tx!, nextCheckAt: clock.now() }]);
  await clock.advance(HOUR_MS);
  expect(await hear({ statements: [completed(1)] })).toBe(true);
});
