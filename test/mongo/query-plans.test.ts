/**
 * Checks that no query on a hot path reads a whole collection: every command that the stores send
 * is recorded, and the engine is asked how it would run it.
 */
import mongoose, { type Connection, type mongo } from 'mongoose';
import {
  parseBreakId,
  parseRentalId,
  parseTxId,
  parseUnitId,
  type TenancyId,
} from '../../src/domain/ids';
import { createBreakStore } from '../../src/mongo/estate/breaks';
import { HELPER_INDEXES } from '../../src/mongo/embedded/helper-indexes';
import { createEntryStore } from '../../src/mongo/money/entries';
import { ensureIndexes } from '../../src/mongo/indexes';
import { createReferenceStore } from '../../src/mongo/estate/references';
import { createRentalStore } from '../../src/mongo/estate/rentals';
import { createReportStore } from '../../src/mongo/money/reports';
import { createTenancyStore } from '../../src/mongo/money/tenancies';
import { createTransactionStore } from '../../src/mongo/money/transactions';
import { createSweepStore } from '../../src/mongo/upkeep/sweeps';
import {
  at,
  claimOf,
  draftOf,
  tenancyOf,
  tenancyOne,
  transactionOf,
  wholeRental,
} from '../contract/money-rows';
import { testDatabaseName, testDatabaseUri } from '../support/database';
import { agent, reportOf } from '../support/estate';

type Command = mongo.Document;

let connection: Connection;
let sent: Command[];

beforeAll(async () => {
  connection = await mongoose
    .createConnection(testDatabaseUri(), {
      dbName: testDatabaseName(),
      monitorCommands: true,
      autoIndex: false,
      autoCreate: false,
    })
    .asPromise();
  await ensureIndexes(connection);
  for (const [collection, keys] of HELPER_INDEXES) {
    await connection.collection(collection).createIndex({ ...keys });
  }
  sent = [];
  connection.getClient().on('commandStarted', ({ command }) => void sent.push(command));
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

/** What of a command has to find rows: each as a filter on a collection, with its order. */
function searches(command: Command): { on: string; filter: object; sort?: object }[] {
  if (typeof command['find'] === 'string') {
    const { find: on, filter, sort } = command;
    return [{ on, filter, ...(sort && { sort }) }];
  }
  if (typeof command['update'] === 'string') {
    const updates = command['updates'] as { q: object }[];
    return updates.map(({ q }) => ({ on: command['update'] as string, filter: q }));
  }
  if (typeof command['aggregate'] === 'string') {
    const [stage] = command['pipeline'] as { $match?: object }[];
    return [{ on: command['aggregate'], filter: stage?.$match ?? {} }];
  }
  return [];
}

async function expectIndexed(run: () => Promise<unknown>): Promise<void> {
  sent = [];
  await run();
  const found = sent.flatMap(searches);
  expect(found.length).toBeGreaterThan(0);
  for (const { on, filter, sort = {} } of found) {
    const plan = await connection
      .collection(on)
      .find(filter)
      .sort(sort as mongo.Sort)
      .explain();
    const text = JSON.stringify(plan);
    expect({
      on,
      filter,
      plan: /COLLSCAN|IXSCAN|IDHACK|EOF/.exec(text)?.[0] ?? text,
    }).not.toMatchObject({ plan: 'COLLSCAN' });
  }
}

const one = parseRentalId('r_1');
const manyRentals = Array.from({ length: 500 }, (_, n) => parseRentalId(`r_${n}`));
const unit = parseUnitId('unit-1');
const ten = Array.from({ length: 10 }, (_, n) => n);
const group = { unitId: unit, payer: agent(1).key, amount: 700, from: at(-60), to: at(60) };
const long = { ...group, from: at(-2_000_000), to: at(2_000_000) };

describe('what the stores ask on hot paths is served by an index', () => {
  it('for reports', async () => {
    const store = createReportStore(connection);
    const rows = ten.map((n) => reportOf(n));
    await Promise.all(rows.map((row) => store.intake(row)));
    await expectIndexed(() => store.intake(rows[0]!));
    await expectIndexed(() => store.save([rows[0]!]));
    await expectIndexed(() => store.save(rows.slice(1)));
    await expectIndexed(() => store.get(rows.map(({ id }) => id)));
    await expectIndexed(() => store.inGroups([group, long]));
    await expectIndexed(() => store.concerning([parseTxId('tx-1'), parseTxId('tx-2')]));
    await expectIndexed(() => store.unresolvedOf([one, parseRentalId('r_2')]));
    await expectIndexed(() => store.unresolvedOf(manyRentals));
    await expectIndexed(() => store.due(at(1), 10));
    await expectIndexed(() => store.byEvent(rows[0]!.eventId));
    await expectIndexed(() => store.latestOf(one, 10));
    await expectIndexed(() => store.returnedFor(rows.map(({ id }) => id)));
  });

  it('for transactions', async () => {
    const store = createTransactionStore(connection);
    const rows = ten.map((n) => transactionOf(n));
    await store.save(rows);
    const known = rows.map((row) => ({ ...row, rev: 1 }));
    await expectIndexed(() => store.save(known.slice(0, 1)));
    await expectIndexed(() => store.save(known));
    await expectIndexed(() => store.get(rows.map(({ txId }) => txId)));
    await expectIndexed(() => store.inGroups([group, long]));
    await expectIndexed(() => store.unresolvedOf([one, parseRentalId('r_2')]));
    await expectIndexed(() => store.unresolvedOf(manyRentals));
    await expectIndexed(() => store.due(at(1), 10));
    await expectIndexed(() => store.ofForeignUnit(unit, parseTxId('tx-1'), 10));
    await expectIndexed(() => store.latestOf(one, 10));
    await expectIndexed(() => store.countForeign());
  });

  it('for outside references', async () => {
    const store = createReferenceStore(connection);
    await store.claim('manual', 'wire-1', reportOf(1).id);
    await expectIndexed(() => store.claim('manual', 'wire-1', reportOf(2).id));
    await expectIndexed(() => store.find('wire-1'));
  });

  it('for entries and tenancies', async () => {
    const store = createEntryStore(connection);
    const tenancies = createTenancyStore(connection);
    const other = 'r_2:1' as TenancyId;
    await store.append([draftOf('tx:1')], new Map());
    await expectIndexed(() => store.append([draftOf('tx:1')], new Map([[tenancyOne, 0]])));
    await expectIndexed(() => store.get(['r_1:1:1' as never]));
    await expectIndexed(() => store.ofPayments([{ tenancyId: other, paymentId: 'tx:1' as never }]));
    await expectIndexed(() =>
      store.ofTenancies([
        { tenancyId: tenancyOne, afterSeq: 0 },
        { tenancyId: other, afterSeq: 3 },
      ]),
    );
    await tenancies.save([tenancyOf(1)]);
    await expectIndexed(() => tenancies.ofRentals([one, parseRentalId('r_2')]));
    await expectIndexed(() => tenancies.get([tenancyOne]));
    await expectIndexed(() => tenancies.save([tenancyOf(1, { rev: 1 })]));
  });

  it('for rentals', async () => {
    const store = createRentalStore(connection);
    const rows = ten.map((n) => wholeRental(n));
    await store.save(rows);
    const known = rows.map((row) => ({ ...row, rev: 1 }));
    await expectIndexed(() => store.one(one));
    await expectIndexed(() => store.get([one, parseRentalId('r_2')]));
    await expectIndexed(() => store.byUnits([unit, parseUnitId('unit-2')]));
    await expectIndexed(() => store.save(known.slice(0, 1)));
    await expectIndexed(() => store.refresh(known));
    await expectIndexed(() => store.noteClaims(new Map([[unit, claimOf({ version: 9 })]])));
    await expectIndexed(() =>
      store.askResync(
        rows.map(({ id }) => id),
        at(1),
      ),
    );
    await expectIndexed(() => store.resyncDone(one, at(1)));
    await expectIndexed(() => store.noteBoxClear(one, at(9)));
    await expectIndexed(() => store.secondKeysDue(at(9), 10));
    await expectIndexed(() => store.resyncsDue(at(9), 10));
    await expectIndexed(() => store.pageByUnit(unit, null, 10));
    await expectIndexed(() => store.pageByUnit(unit, parseUnitId('unit-9'), 10));
    await expectIndexed(() => store.pageWithoutUnit(null, 10));
  });

  it('for sweeps', async () => {
    const store = createSweepStore(connection);
    await expectIndexed(() => store.unfinished('resync'));
    await expectIndexed(() => store.latest('resync'));
  });

  it('for breaks', async () => {
    const store = createBreakStore(connection);
    const wanted = { kind: 'time-differs', about: 'tx:tx-1' } as const;
    await expectIndexed(() => store.find([wanted]));
    await expectIndexed(() => store.get(parseBreakId('brk_1')));
    await expectIndexed(() => store.openFor(['r_1', 'tx:tx-1'], ['time-differs']));
    await expectIndexed(() => store.openFor(manyRentals, ['time-differs']));
    await expectIndexed(() =>
      store.settle([{ ...wanted, resolution: '', as: 'resolved', now: at(1) }]),
    );
  });
});
