/** What holds for all upkeep stores on MongoDB: what is cleared away, and what an outage is. */
import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { BoxId, SweepId, UnitId } from '../../src/domain/ids';
import { newSweep, type Sweep, type SweepKind } from '../../src/domain/sweep';
import { DAY_MS, MINUTE_MS, type Instant } from '../../src/domain/time';
import { StorageUnavailable } from '../../src/flows/ports/money-ports';
import { realClock } from '../../src/jobs/real-clock';
import { createAsideStore } from '../../src/mongo/upkeep/asides';
import { createAuditStore } from '../../src/mongo/upkeep/audit';
import { createBoxStore } from '../../src/mongo/estate/boxes';
import { createFollowerStore } from '../../src/mongo/upkeep/follower';
import { createKeyStore } from '../../src/mongo/upkeep/keys';
import { createLeaseStore } from '../../src/mongo/upkeep/leases';
import { createNonceStore } from '../../src/mongo/upkeep/nonces';
import { createReferenceStore } from '../../src/mongo/estate/references';
import { createRequestStore } from '../../src/mongo/upkeep/requests';
import { createSecretSealing } from '../../src/mongo/estate/secret-sealing';
import { createSweepStore } from '../../src/mongo/upkeep/sweeps';
import { createUnitStore } from '../../src/mongo/estate/units';
import { UPKEEP_INDEXES } from '../../src/mongo/upkeep/upkeep-indexes';
import { withDatabase, type TestDatabase } from '../support/database';
import { quietLog } from '../support/quiet-log';

/** The service's clock in a replay of a year long gone. */
const THEN = Date.UTC(2021, 1, 19) as Instant;

describe('what is cleared away', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await withDatabase();
  });
  afterAll(() => database.drop());

  /** Milliseconds from now by the real clock, which is the database's here. */
  const goesInMs = async (collection: string, id: string): Promise<number | null> => {
    const rows = database.connection.collection<{ _id: string; expireAt?: Date }>(collection);
    const ends = (await rows.findOne({ _id: id }))?.expireAt;
    return ends === undefined ? null : ends.getTime() - Date.now();
  };
  const isNear = (ms: number | null, wantedMs: number): void => {
    expect(ms).toBeGreaterThan(wantedMs - MINUTE_MS);
    expect(ms).toBeLessThanOrEqual(wantedMs + MINUTE_MS);
  };

  it('is nonces, requests and runs of settle, and nothing else', () => {
    const expiring = UPKEEP_INDEXES.filter(({ expires }) => expires === true);
    expect(expiring.map(({ collection, keys }) => [collection, keys])).toEqual([
      ['nonces', { expireAt: 1 }],
      ['requests', { expireAt: 1 }],
      ['sweeps', { expireAt: 1 }],
    ]);
  });

  it('stays for a week by the clock of the database, not that of the service', async () => {
    const requests = createRequestStore(database.connection);
    const begin = (now: number) =>
      requests.begin({ id: 'k:1', content: 'x', now: now as Instant, staleMs: 1 });
    await begin(THEN);
    isNear(await goesInMs('requests', 'k:1'), 7 * DAY_MS);
    await begin(THEN + 5);
    isNear(await goesInMs('requests', 'k:1'), 7 * DAY_MS);
  });

  it('stays for eleven minutes where it is a nonce', async () => {
    await createNonceStore(database.connection).claim('box_a' as BoxId, 'n', THEN);
    isNear(await goesInMs('nonces', 'box_a:n'), 11 * MINUTE_MS);
  });

  it('is never a resync, nor what it repaired', async () => {
    const sweeps = createSweepStore(database.connection);
    await sweeps.begin(aSweep('swp_settle', 'settle'));
    await sweeps.begin(aSweep('swp_resync', 'resync'));
    isNear(await goesInMs('sweeps', 'swp_settle'), 7 * DAY_MS);
    expect(await goesInMs('sweeps', 'swp_resync')).toBeNull();
  });
});

describe('a database that cannot be reached', () => {
  it('is an outage to every upkeep store', async () => {
    const { connection, drop } = await withDatabase();
    await drop();
    for (const call of callsOn(connection))
      await expect(call()).rejects.toThrow(StorageUnavailable);
  });
});

function callsOn(connection: Connection): readonly (() => Promise<unknown>)[] {
  const told = { log: quietLog, clock: realClock };
  const boxes = createBoxStore(connection, createSecretSealing([randomBytes(32)]), told);
  const sweeps = createSweepStore(connection);
  const id = 'box_a' as BoxId;
  const page = { limit: 1, cursor: null, regions: [], subject: null };
  return [
    () => boxes.one(id),
    () => boxes.list(page),
    () => boxes.noteSeen([{ id, at: THEN, outbox: null }]),
    () => createNonceStore(connection).claim(id, 'n', THEN),
    () => createUnitStore(connection).get(['unit-1' as UnitId]),
    () => createReferenceStore(connection).claim('manual', '1', 'me'),
    () => createFollowerStore(connection).write({ streams: [], seq: null, horizon: null }, 1),
    () => createLeaseStore(connection).take('follow', 'me', 1),
    () => createAsideStore(connection).count(),
    () => sweeps.begin(aSweep('swp_1', 'settle')),
    () => sweeps.list(page),
    () => sweeps.nextFire('settle'),
    () => sweeps.repairs('swp_1' as SweepId, page),
    () => createAuditStore(connection).list(page),
    () => createRequestStore(connection).drop('k:1'),
    () => createKeyStore(connection).byHash('f'),
  ];
}

function aSweep(id: string, kind: SweepKind): Sweep {
  const begun = { id: id as SweepId, kind, author: 'system', startedAt: THEN };
  return newSweep({ ...begun, fence: 1 });
}
