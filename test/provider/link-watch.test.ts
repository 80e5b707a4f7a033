import { instant, plusMs, type Instant } from '../../src/domain/time';
import type { Clock } from '../../src/flows/ports/clock';
import { LinkWatch } from '../../src/provider/stream/link-watch';
import { createManualClock } from '../support/manual-clock';

const START = instant(Date.UTC(2026, 1, 19));

function watching(withinMs: number) {
  const clock = createManualClock(START);
  const watch = new LinkWatch(clock);
  const expiries: number[] = [];
  const expect = (ms: number): void =>
    watch.expect(ms, () => void expiries.push(clock.now() - START));
  expect(withinMs);
  return { clock, watch, expiries, expect };
}

describe('the watch over a link', () => {
  it('expires once, at its time', async () => {
    const { clock, expiries } = watching(2_500);
    await clock.advance(2_499);
    expect(expiries).toEqual([]);
    await clock.advance(10_000);
    expect(expiries).toEqual([2_500]);
  });

  it('begins anew with every frame', async () => {
    const { clock, expiries, expect: expectFrame } = watching(2_500);
    await clock.advance(2_000);
    expectFrame(2_500);
    await clock.advance(2_499);
    expect(expiries).toEqual([]);
    await clock.advance(1);
    expect(expiries).toEqual([4_500]);
  });

  it('takes a shorter time in place of a longer one', async () => {
    const { clock, expiries, expect: expectFrame } = watching(10_000);
    expectFrame(250);
    expect(clock.waiting()).toBe(1);
    await clock.advance(250);
    expect(expiries).toEqual([250]);
    expect(clock.waiting()).toBe(0);
  });

  it('stands still while held, and runs on with what was left', async () => {
    const { clock, watch, expiries } = watching(2_500);
    await clock.advance(1_000);
    watch.hold();
    watch.hold();
    await clock.advance(60_000);
    watch.release();
    watch.release();
    await clock.advance(1_499);
    expect(expiries).toEqual([]);
    await clock.advance(1);
    expect(expiries).toEqual([62_500]);
  });

  it('counts from the release what is expected while held', async () => {
    const { clock, watch, expiries, expect: expectFrame } = watching(2_500);
    watch.hold();
    await clock.advance(1_000);
    expectFrame(500);
    await clock.advance(9_000);
    watch.release();
    await clock.advance(500);
    expect(expiries).toEqual([10_500]);
  });

  it('is quiet once stopped, held or not', async () => {
    const { clock, watch, expiries } = watching(2_500);
    watch.hold();
    watch.stop();
    watch.release();
    await clock.advance(10_000);
    expect(expiries).toEqual([]);
    expect(clock.waiting()).toBe(0);
  });

  it('lets frames in that came while this process was stopped, before it judges', () => {
    // Timers run before sockets are read: here the frame is read between the two.
    const due: { at: Instant; run: () => void }[] = [];
    let now = START;
    const clock: Clock = {
      now: () => now,
      after: (delayMs, run) => {
        const entry = { at: plusMs(now, delayMs), run };
        due.push(entry);
        return () => void due.splice(due.indexOf(entry), 1);
      },
      cron: () => ({ nextAt: () => null, stop: () => undefined }),
    };
    const watch = new LinkWatch(clock);
    let expiries = 0;
    const expectFrame = (): void => watch.expect(2_500, () => (expiries += 1));
    expectFrame();
    now = plusMs(now, 60_000);
    due.shift()?.run();
    expectFrame();
    due.shift()?.run();
    expect(due.map(({ at }) => at)).toEqual([plusMs(now, 2_500)]);
    expect(expiries).toBe(0);
    now = plusMs(now, 2_500);
    due.shift()?.run();
    due.shift()?.run();
    expect(expiries).toBe(1);
  });
});
