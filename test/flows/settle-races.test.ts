/**
 * Two at work on one payment at once, where one of them is slow, or dies: what may not come of it.
 */
import { parsePaymentId, parseTxId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import { DAY_MS, MINUTE_MS, type Instant } from '../../src/domain/time';
import { decidePayment } from '../../src/flows/deciding/decide-payment';
import { StorageUnavailable } from '../../src/flows/ports/money-ports';
import { readStanding } from '../../src/flows/read-standing';
import { refreshRentals } from '../../src/flows/refresh-rentals';
import { settlePayments } from '../../src/flows/settle-payments';
import type { SettleDeps } from '../../src/flows/settlement/batch';
import { createEstate, rentalOf, reportOf, statementOf, type Estate } from '../support/estate';
import { createFakeReferenceStore } from '../support/fakes/reference-store';
import { sweepFor } from '../support/sweep-days';

let estate: Estate;

beforeEach(async () => {
  estate = createEstate();
  await estate.rentals.save([rentalOf(1)]);
});

const rental = async () => (await estate.rentals.get([rentalOf(1).id]))[0]!;
const seconds = () => estate.entries.all().reduce((sum, entry) => sum + entry.seconds, 0);

/** The same stores, which answer nobody any more once `isDead` says so. */
function mortal(deps: SettleDeps, isDead: () => boolean): SettleDeps {
  const guarded = <Store extends object>(store: Store): Store =>
    new Proxy(store, {
      get(target, name) {
        if (isDead()) throw new StorageUnavailable('killed');
        return Reflect.get(target, name) as unknown;
      },
    });
  const { transactions, reports, entries, tenancies, rentals, breaks } = deps;
  return {
    ...deps,
    ...{ transactions: guarded(transactions), reports: guarded(reports) },
    ...{ entries: guarded(entries), tenancies: guarded(tenancies) },
    ...{ rentals: guarded(rentals), breaks: guarded(breaks) },
  };
}

it('a late report that is linked between a read and a write is no longer pending', async () => {
  await settlePayments(estate.deps, { statements: [statementOf(1)] });
  const late = reportOf(1);
  await estate.reports.intake(late);
  let isRaced = false;
  const refresh: typeof estate.rentals.refresh = async (rows) => {
    if (!isRaced) {
      isRaced = true;
      await settlePayments(estate.deps, { reportIds: [late.id] });
      expect((await rental()).cache?.pending).toBe(0);
    }
    return estate.rentals.refresh(rows);
  };
  const slow = { ...estate.deps, rentals: { ...estate.rentals, refresh } };
  await refreshRentals(slow, [rentalOf(1).id]);
  expect(isRaced).toBe(true);
  expect((await rental()).cache?.pending).toBe(0);
});

it('a payment that is linked between two reads counts in one of them', async () => {
  await settlePayments(estate.deps, { statements: [statementOf(1)] });
  await estate.clock.advance(11 * DAY_MS);
  const now = estate.clock.now();
  const used = { status: 'overdue', rentedUntil: null, tenant: null, version: 9 } as const;
  const claim = { ...used, streamRank: 1, seenAt: now, currentThrough: now };
  await estate.rentals.noteClaims(new Map([[rentalOf(1).unitId!, claim]]));
  expect((await readStanding(estate.deps, await rental())).stage).toBe('overdue');
  await estate.clock.advance(MINUTE_MS);
  const paid = { amount: lindens(7_000), paidAt: now };
  await estate.reports.intake(reportOf(1, { ...paid, at: now, receivedAt: now, nextCheckAt: now }));
  const linkInBetween = async (): Promise<void> => {
    const isFull = async () => Promise.reject(new StorageUnavailable('on its way'));
    const slow = { ...estate.deps, entries: { ...estate.entries, append: isFull } };
    const statements = [statementOf(2, { ...paid, updatedAt: now })];
    await settlePayments(slow, { statements }).catch(() => undefined);
  };
  for (const late of ['transactions', 'reports'] as const) {
    const unresolvedOf = async (ids: Parameters<typeof estate.reports.unresolvedOf>[0]) => {
      await linkInBetween();
      return estate[late].unresolvedOf(ids);
    };
    const deps = { ...estate.deps, [late]: { ...estate[late], unresolvedOf } };
    expect((await readStanding(deps, await rental())).stage).toBe('grace');
  }
});

it('entries made on old news by one who dies are found and set right within minutes', async () => {
  await settlePayments(estate.deps, { statements: [statementOf(1)] });
  const before = seconds();
  let isDead = false;
  const slow = mortal(estate.deps, () => isDead);
  const append: SettleDeps['entries']['append'] = async (drafts, hint) => {
    // It has planned the reversal; the news that makes it wrong is settled by somebody else now.
    await settlePayments(estate.deps, { statements: [statementOf(1, { version: 3 })] });
    const made = await estate.entries.append(drafts, hint);
    isDead = true;
    return made;
  };
  const reversed = [statementOf(1, { version: 2, state: 'reversed' })];
  const dying = { ...slow, entries: { ...slow.entries, append } };
  await expect(settlePayments(dying, { statements: reversed })).rejects.toThrow('killed');
  expect(seconds()).toBe(0);
  await sweepFor(estate, { hours: 1 });
  expect(seconds()).toBe(before);
  await sweepFor(estate, { hours: 1 });
  expect(await estate.transactions.due((estate.clock.now() + DAY_MS) as Instant, 10)).toEqual([]);
});

it('a link that a person made is finished by others, where the process died upon it', async () => {
  await settlePayments(estate.deps, { statements: [statementOf(1)] });
  await estate.clock.advance(DAY_MS);
  const at = estate.clock.now();
  const report = reportOf(2, { at, paidAt: at, receivedAt: at, nextCheckAt: at });
  await estate.reports.intake(report);
  await settlePayments(estate.deps, { reportIds: [report.id] });
  expect((await rental()).cache?.pending).toBe(1);
  let isDead = false;
  const guarded = mortal(estate.deps, () => isDead);
  const save: SettleDeps['reports']['save'] = async (rows) => {
    const saved = await estate.reports.save(rows);
    isDead = rows.some(({ settledBy }) => settledBy?.by === 'link');
    return saved;
  };
  const deps = { ...guarded, reports: { ...guarded.reports, save } };
  const link = { as: 'link', txId: parseTxId('tx-1') } as const;
  const said = { paymentId: parsePaymentId(report.id), author: 'Rosa', reason: 'The same.' };
  const decided = decidePayment(
    { ...deps, references: createFakeReferenceStore() },
    { ...said, ...link },
  );
  await expect(decided).rejects.toThrow('killed');
  await sweepFor(estate, { hours: 2 });
  expect((await rental()).cache?.pending).toBe(0);
});
