/** When boxes were heard last: gathered, written together, and never lost by a database away. */
import type { BoxId } from '../../../src/domain/ids';
import { parseInstant } from '../../../src/domain/time';
import { StorageUnavailable } from '../../../src/flows/ports/money-ports';
import type { BoxSeen } from '../../../src/flows/ports/upkeep-ports';
import { SeenBoxes } from '../../../src/jobs/queue/seen-boxes';
import { createManualClock, type ManualClock } from '../../support/manual-clock';
import { quietLog } from '../../support/quiet-log';

let clock: ManualClock;
let boxes: SeenBoxes;
let seen: (readonly BoxSeen[])[];
let fault: Error | null;

const box = (n: number): BoxId => `box_${n}` as BoxId;

beforeEach(() => {
  clock = createManualClock(parseInstant('2026-03-01T12:00:00Z'));
  [seen, fault] = [[], null];
  boxes = new SeenBoxes({
    noteSeen: async (some) => {
      if (fault !== null) throw fault;
      seen.push(some);
    },
    ...{ clock, log: quietLog },
    metrics: { queueLength: () => undefined, queueDropped: () => undefined },
  });
});

describe('boxes that were heard', () => {
  it('are noted together every ten seconds, each with what it said last', async () => {
    boxes.add({ id: box(1), at: 1_000, outbox: 3 });
    boxes.add({ id: box(2), at: 2_000, outbox: null });
    boxes.add({ id: box(1), at: 3_000, outbox: null });
    await clock.advance(9_999);
    expect(seen).toEqual([]);
    await clock.advance(1);
    expect(seen).toEqual([
      [
        { id: box(1), at: 3_000, outbox: 3 },
        { id: box(2), at: 2_000, outbox: null },
      ],
    ]);
    await clock.advance(60_000);
    expect(seen).toHaveLength(1);
    expect(clock.waiting()).toBe(0);
  });

  it('are noted a thousand at a time', async () => {
    for (let n = 0; n < 2_500; n += 1) boxes.add({ id: box(n), at: n, outbox: null });
    await clock.advance(10_000);
    expect(seen.map((some) => some.length)).toEqual([1_000, 1_000, 500]);
  });

  it('are noted later when the database is away', async () => {
    fault = new StorageUnavailable('away');
    boxes.add({ id: box(1), at: 1_000, outbox: 3 });
    await clock.advance(15_000);
    boxes.add({ id: box(1), at: 2_000, outbox: null });
    fault = null;
    await clock.advance(10_000);
    expect(seen).toEqual([[{ id: box(1), at: 2_000, outbox: 3 }]]);
  });
});
