/**
 * Law 1: every payment ends in one credit, refund, dismissal or open break, whatever its source.
 */
import fc from 'fast-check';
import { parseTxId, parseUnitId, tenancyId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import type { Tenancy } from '../../src/domain/ledger/tenancy';
import { plusMs, seconds } from '../../src/domain/time';
import type { Statement } from '../../src/domain/payments/transaction';
import { adoptTransactions } from '../../src/flows/upstream/adopt-transactions';
import { decidePayment } from '../../src/flows/deciding/decide-payment';
import { settlePayments } from '../../src/flows/settle-payments';
import { agent, rentalOf, reportOf, START, statementOf } from '../support/estate';
import { takeIn, type Fact } from './facts';
import { brokenLaws, creditsOf, readAll, type Stored } from './laws-kept';
import { createWorld, RENTAL_ID, sweepAMinuteLater, TERMS, TODAY, type World } from './world';

const HOUR = 3_600_000;
const numbers = [1, 2, 3, 4, 5];
const read = (world: World): Promise<Stored> =>
  readAll(world, {
    txIds: numbers.map((n) => parseTxId(`tx-${n}`)),
    reportIds: numbers.map((n) => reportOf(n).id),
  });
const word = (n: number, over: Partial<Statement> = {}): Fact => ({
  kind: 'word',
  statement: statementOf(n, over),
});
const report = (n: number, over: { amount?: number } = {}): Fact => {
  const { eventId, payer, at } = reportOf(n);
  const amount = lindens(over.amount ?? 700);
  return { kind: 'report', payment: { eventId, payer, amount, at, ref: null } };
};
const kinds = ({ breaks }: Stored) =>
  breaks.filter(({ state }) => state === 'open').map(({ kind }) => kind);

describe('a payment on a unit that is not ours', () => {
  it('is kept and counted, and is credited once when the unit becomes ours', async () => {
    const world = await createWorld();
    const unitId = parseUnitId('unit-2');
    const process = world.process();
    await takeIn(process, [word(1, { unitId }), word(2, { unitId, state: 'queued' })]);
    expect(await world.stores.transactions.countForeign()).toBe(2);
    expect((await read(world)).breaks).toEqual([]);
    expect(await world.stores.transactions.due(plusMs(TODAY, 1e9), 10)).toEqual([]);
    await world.stores.rentals.save([rentalOf(2, { terms: TERMS })]);
    await adoptTransactions(process, { unitId });
    await adoptTransactions(process, { unitId });
    await sweepAMinuteLater(world);
    expect(await world.stores.transactions.countForeign()).toBe(0);
    const entries = await world.stores.entries.ofTenancies([
      { tenancyId: tenancyId(rentalOf(2).id, 1), afterSeq: 0 },
    ]);
    expect(entries.map(({ kind, source }) => [kind, source])).toEqual([['paid', 'tx:tx-1']]);
  });
});

describe('a payment and an opening', () => {
  const importedAt = plusMs(START, 48 * HOUR);
  const imported: Tenancy = {
    ...{ id: tenancyId(RENTAL_ID, 1), rentalId: RENTAL_ID, n: 1, tenant: agent(1), rev: 0 },
    start: { by: 'opening', at: START, unitVersion: 7, streamRank: 1, importedAt },
    endedAt: null,
  };

  async function importedWorld(): Promise<World> {
    const world = await createWorld();
    await world.stores.tenancies.save([imported]);
    const time = { seconds: seconds(86_400), amount: null, paidAt: null, paymentId: null };
    const said = { author: 'Manager', reason: 'import', evidence: 'unit unit-1, version 7' };
    await world.stores.entries.append(
      [
        {
          ...{ tenancyId: imported.id, kind: 'opening', source: 'opening', at: importedAt },
          ...{ reverses: null, ...time, ...said },
        },
      ],
      new Map(),
    );
    return world;
  }

  it('is credited once, or contained in it, as the versions of the unit say', async () => {
    const versions = fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(versions, async (unitVersions) => {
        const world = await importedWorld();
        for (const [i, unitVersion] of unitVersions.entries()) {
          await takeIn(world.process(), [word(i + 1, { unitVersion })]);
          await takeIn(world.process(), [word(i + 1, { unitVersion, version: 2 })]);
        }
        const stored = await read(world);
        expect([...brokenLaws(stored), ...kinds(stored)]).toEqual([]);
        unitVersions.forEach((unitVersion, i) => {
          const credits = creditsOf(`tx:tx-${i + 1}`, stored.entries);
          expect([unitVersion, credits.length]).toEqual([unitVersion, unitVersion <= 7 ? 0 : 1]);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('under another stream id counts when made after the import, and else asks', async () => {
    const world = await importedWorld();
    const later = { streamRank: 2, unitVersion: 2 };
    await takeIn(world.process(), [
      word(1, { ...later, paidAt: plusMs(importedAt, 1_000) }),
      word(2, { ...later, paidAt: plusMs(importedAt, -1_000) }),
    ]);
    const stored = await read(world);
    expect(creditsOf('tx:tx-1', stored.entries)).toHaveLength(1);
    expect(creditsOf('tx:tx-2', stored.entries)).toHaveLength(0);
    expect(kinds(stored)).toEqual(['opening-unclear']);
    expect(brokenLaws(stored)).toEqual([]);
  });
});

describe('a payment on a rental that its box verifies', () => {
  it('is credited once by its signed report, however often it is sent', async () => {
    const world = await createWorld(undefined, { unitId: null, verifiedBy: 'box' });
    const process = world.process();
    await takeIn(process, [report(1)]);
    await takeIn(process, [report(1), report(2, { amount: 350 })]);
    await settlePayments(process, { reportIds: [reportOf(1).id] });
    const stored = await read(world);
    expect(stored.entries.map(({ kind, seconds: s }) => [kind, s])).toEqual([
      ['paid', 604_800],
      ['paid', 302_400],
    ]);
    expect([...brokenLaws(stored), ...kinds(stored)]).toEqual([]);
  });
});

describe('a payment that was credited before its report came', () => {
  it('cannot be confirmed besides, though the manager is quicker than the rules', async () => {
    const world = await createWorld();
    const process = world.process();
    await takeIn(process, [word(1)]);
    await world.stores.reports.intake({ ...reportOf(1), unitId: parseUnitId('unit-1') });
    const said = { author: 'Manager', reason: 'The tenant showed a receipt.', reference: 'R1' };
    const decision = { paymentId: reportOf(1).id, as: 'confirm' as const, ...said };
    expect((await decidePayment(process, decision)).kind).toBe('conflict');
    const stored = await read(world);
    expect(stored.entries).toHaveLength(1);
    expect(brokenLaws(stored)).toEqual([]);
  });

  it('is taken by the report that was confirmed before it came', async () => {
    const world = await createWorld();
    const process = world.process();
    await takeIn(process, [report(1)]);
    const said = { author: 'Manager', reason: 'The tenant showed a receipt.', reference: 'R1' };
    const decision = { paymentId: reportOf(1).id, as: 'confirm' as const, ...said };
    expect((await decidePayment(process, decision)).kind).toBe('decided');
    await takeIn(process, [word(1), word(2)]);
    const stored = await read(world);
    expect(stored.entries.map(({ kind }) => kind)).toEqual(['external', 'paid']);
    expect(brokenLaws(stored)).toEqual([]);
    const [taken] = stored.reports;
    expect(stored.transactions.map(({ takenBy }) => takenBy)).toContain(taken?.id);
  });
});
