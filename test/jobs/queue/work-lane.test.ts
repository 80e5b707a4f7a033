/** A lane that rests while more keeps coming, as long as it has room for what comes. */
import { parseInstant } from '../../../src/domain/time';
import { WorkLane } from '../../../src/jobs/queue/work-lane';
import { createManualClock } from '../../support/manual-clock';
import { quietLog } from '../../support/quiet-log';

const MOST = 10;
const TOOK_MS = 100;

function busyLane() {
  const clock = createManualClock(parseInstant('2026-03-01T12:00:00Z'));
  const sizes: number[] = [];
  const held: (() => void)[] = [];
  const metrics = { queueLength: () => undefined, queueDropped: () => undefined };
  const lane = new WorkLane<number>(
    { clock, log: quietLog, metrics },
    {
      ...{ name: 'settle', most: MOST, atOnce: 3, runs: 1 },
      rest: { times: 3, mostMs: 5_000 },
      keyOf: String,
      work: async (items) => {
        sizes.push(items.length);
        await new Promise<void>((resolve) => held.push(resolve));
      },
    },
  );
  /** The first item is in hand; so many wait when it is done. */
  const endFirst = async (waiting: number): Promise<void> => {
    lane.add([0]);
    await clock.advance(0);
    lane.add(Array.from({ length: waiting }, (_, i) => i + 1));
    await clock.advance(TOOK_MS);
    held.shift()?.();
    await clock.advance(0);
  };
  return { lane, clock, sizes, endFirst };
}

it('rests while less than half of its places are taken', async () => {
  const { clock, sizes, endFirst } = busyLane();
  await endFirst(MOST / 2 - 1);
  expect(sizes).toEqual([1]);
  await clock.advance(3 * TOOK_MS);
  expect(sizes).toEqual([1, 3]);
});

it('does not rest while half of its places are taken', async () => {
  const { sizes, endFirst } = busyLane();
  await endFirst(MOST / 2);
  expect(sizes).toEqual([1, 3]);
});
