/** Work that is woken early: taken up together, bounded, and left to the sweeps when it fails. */
import { parseBoxId } from '../../src/domain/ids';
import type { BoxId, RentalId, ReportId, TxId } from '../../src/domain/ids';
import { parseInstant } from '../../src/domain/time';
import { StorageUnavailable } from '../../src/flows/ports/money-ports';
import type { BoxSeen } from '../../src/flows/ports/upkeep-ports';
import { createWorkQueue, type SettleWork, type WorkQueue } from '../../src/jobs/work-queue';
import { createManualClock, type ManualClock } from '../support/manual-clock';
import { createRecordedLog, type RecordedLog } from '../support/recorded-log';

let clock: ManualClock;
let log: RecordedLog;
let queue: WorkQueue;
let settled: SettleWork[];
let resynced: RentalId[];
let seen: (readonly BoxSeen[])[];
let hinted: (readonly BoxId[])[];
let dropped: Record<string, number>;
/** Runs that wait until a test lets them end, oldest first. */
let held: (() => void)[];
let holds: boolean;
let fault: Error | null;

const txIds = (n: number, from = 0): TxId[] =>
  Array.from({ length: n }, (_, i) => `tx-${from + i}` as TxId);
const rental = (n: number): RentalId => `r_${n}` as RentalId;
const box = (n: number): BoxId => `box_${n}` as BoxId;

const sizes = (): number[] => settled.map(({ txIds: ids }) => ids.length);
const release = (): void => held.splice(0).forEach((go) => go());

async function settleOneByOne(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    queue.settle({ txIds: txIds(1, i) });
    await Promise.resolve();
  }
}

async function pass(): Promise<void> {
  if (holds) await new Promise<void>((resolve) => held.push(resolve));
  if (fault !== null) throw fault;
}

beforeEach(() => {
  clock = createManualClock(parseInstant('2026-03-01T12:00:00Z'));
  log = createRecordedLog();
  [settled, resynced, seen, held, hinted] = [[], [], [], [], []];
  [holds, fault, dropped] = [false, null, {}];
  queue = createWorkQueue({
    settle: async (work) => {
      settled.push(work);
      await pass();
    },
    resync: async (id) => {
      resynced.push(id);
      await pass();
    },
    hint: async (ids) => {
      hinted.push(ids);
      await pass();
    },
    noteSeen: async (boxes) => {
      await pass();
      seen.push(boxes);
    },
    ...{ clock, log },
    metrics: {
      queueLength: () => undefined,
      queueDropped: (name, count) => void (dropped[name] = (dropped[name] ?? 0) + count),
    },
  });
});

describe('hinting boxes', () => {
  it('takes two hundred at a time, and each box waits once', async () => {
    holds = true;
    const many = Array.from({ length: 500 }, (_, n) => parseBoxId(`box_${n}`));
    queue.hint([...many, ...many]);
    await clock.advance(0);
    expect(hinted.map((ids) => ids.length)).toEqual([200]);
    holds = false;
    release();
    await clock.advance(0);
    expect(hinted.map((ids) => ids.length)).toEqual([200, 200, 100]);
  });
});

describe('settling soon', () => {
  it('begins at once, with all that was asked for in the same turn', async () => {
    queue.settle({ txIds: txIds(2) });
    queue.settle({ txIds: txIds(1), reportIds: ['box_1:x' as ReportId] });
    await clock.advance(0);
    expect(settled).toEqual([{ txIds: txIds(2), reportIds: ['box_1:x'] }]);
    expect(clock.waiting()).toBe(0);
  });

  it('gathers what comes while two runs are under way, at most 1,000 for each', async () => {
    holds = true;
    await settleOneByOne(2_500);
    expect(sizes()).toEqual([1, 1]);
    release();
    await clock.advance(0);
    expect(sizes().slice(2)).toEqual([1_000, 1_000]);
    holds = false;
    release();
    await clock.advance(0);
    expect(new Set(settled.flatMap(({ txIds: ids }) => ids)).size).toBe(2_500);
  });

  it('rests three times as long as it took while more keeps coming, at most 5 s', async () => {
    holds = true;
    await settleOneByOne(3);
    await clock.advance(100);
    release();
    await clock.advance(299);
    queue.settle({ txIds: txIds(4, 3) });
    await clock.advance(0);
    expect(sizes()).toEqual([1, 1]);
    await clock.advance(1);
    expect(sizes()).toEqual([1, 1, 5]);
    queue.settle({ txIds: txIds(2, 7) });
    await clock.advance(2_000);
    queue.settle({ txIds: txIds(2, 9) });
    release();
    await clock.advance(4_999);
    expect(sizes().slice(3)).toEqual([2]);
    release();
    await clock.advance(1);
    expect(sizes().slice(3)).toEqual([2, 2]);
  });

  it('does not rest when nothing waits', async () => {
    holds = true;
    queue.settle({ txIds: txIds(1) });
    await clock.advance(100);
    release();
    await clock.advance(0);
    queue.settle({ txIds: txIds(1, 1) });
    await clock.advance(0);
    expect(settled).toHaveLength(2);
    expect(clock.waiting()).toBe(0);
  });

  it('does again what is asked for while it is being done, once that has ended', async () => {
    holds = true;
    queue.settle({ txIds: txIds(1) });
    await clock.advance(0);
    queue.settle({ txIds: txIds(1) });
    queue.settle({ txIds: txIds(1) });
    await clock.advance(0);
    expect(settled).toHaveLength(1);
    holds = false;
    release();
    await clock.advance(0);
    expect(settled).toHaveLength(2);
  });

  it('is dropped when too much waits, and counted', async () => {
    holds = true;
    queue.settle({ txIds: txIds(1) });
    await clock.advance(0);
    queue.settle({ txIds: txIds(1, 1) });
    await clock.advance(0);
    queue.settle({ txIds: txIds(10_050, 2) });
    expect(dropped).toEqual({ settle: 50 });
  });

  it('is left to the sweeps when it fails, and goes on with the rest', async () => {
    fault = new StorageUnavailable('away');
    queue.settle({ txIds: txIds(1) });
    await clock.advance(0);
    fault = new Error('a fault of ours');
    queue.settle({ txIds: txIds(1, 1) });
    await clock.advance(0);
    fault = null;
    queue.settle({ txIds: txIds(1, 2) });
    await clock.advance(0);
    expect(settled).toHaveLength(3);
    expect(log.lines.map(({ level, fact }) => [level, fact])).toEqual([
      ['warn', 'work left to the sweeps'],
      ['error', 'work left to the sweeps'],
    ]);
  });
});

describe('resync of single rentals', () => {
  it('is done one by one, four at a time, never one twice at once', async () => {
    holds = true;
    queue.resync([1, 2, 3, 4, 5, 1].map(rental));
    await clock.advance(0);
    queue.resync([rental(1)]);
    await clock.advance(0);
    expect(resynced).toEqual([1, 2, 3, 4].map(rental));
    held.pop()?.();
    await clock.advance(0);
    expect(resynced).toEqual([1, 2, 3, 4, 5].map(rental));
    holds = false;
    release();
    await clock.advance(0);
    expect(resynced).toEqual([1, 2, 3, 4, 5, 1].map(rental));
  });
});

describe('stopping', () => {
  it('finishes what was accepted, and accepts nothing more', async () => {
    holds = true;
    queue.settle({ txIds: txIds(300) });
    queue.resync([rental(1)]);
    queue.seen({ id: box(1), at: 1_000, outbox: 0 });
    await clock.advance(0);
    let isDone = false;
    const drained = queue.drain(3_000).then(() => (isDone = true));
    queue.settle({ txIds: txIds(1, 900) });
    await clock.advance(1_000);
    expect(isDone).toBe(false);
    holds = false;
    release();
    await drained;
    expect(settled.flatMap((work) => work.txIds)).toHaveLength(300);
    expect(resynced).toEqual([rental(1)]);
    expect(seen).toHaveLength(1);
    expect(dropped).toEqual({ settle: 1 });
    expect(clock.waiting()).toBe(0);
  });

  it('rests no more', async () => {
    holds = true;
    await settleOneByOne(3);
    await clock.advance(100);
    holds = false;
    release();
    await clock.advance(0);
    expect(settled).toHaveLength(2);
    await queue.drain(3_000);
    expect(settled.flatMap((work) => work.txIds)).toHaveLength(3);
    expect(clock.waiting()).toBe(0);
  });

  it('leaves what takes too long to the sweeps of the next start', async () => {
    holds = true;
    queue.settle({ txIds: txIds(300) });
    await clock.advance(0);
    const drained = queue.drain(3_000);
    await clock.advance(3_000);
    await drained;
    expect(log.lines).toMatchObject([
      { fact: 'work left to the sweeps of the next start', fields: { left: 300 } },
    ]);
  });
});
