/** How long a box is left alone at whose address nobody is reached. */
import { createHintPauses } from '../../../src/http/hints/hint-pauses';
import type { BoxId } from '../../../src/domain/ids';
import { createManualClock, type ManualClock } from '../../support/manual-clock';
import { BOX_ID, NOW } from '../inworld/sample-estate';

const box = { id: BOX_ID, url: 'http://region.example/cap/1' };
let clock: ManualClock;

beforeEach(() => {
  clock = createManualClock(NOW);
});

function failingFor(times: number) {
  const pauses = createHintPauses(clock);
  for (let n = 0; n < times; n += 1) pauses.noteFailed(box);
  return pauses;
}

describe('a box that is not reached', () => {
  it('is hinted again twice before there is a pause', () => {
    expect(failingFor(2).isPaused(box)).toBe(false);
    expect(failingFor(3).isPaused(box)).toBe(true);
  });

  it.each([
    [3, 60_000],
    [4, 120_000],
    [8, 1_920_000],
    [9, 3_600_000],
    [5_000, 3_600_000],
  ])('after %d failures in a row is left alone for %d ms', async (failures, pauseMs) => {
    const pauses = failingFor(failures);
    await clock.advance(pauseMs - 1);
    expect(pauses.isPaused(box)).toBe(true);
    await clock.advance(1);
    expect(pauses.isPaused(box)).toBe(false);
  });

  it('is hinted at once under a new address', () => {
    const pauses = failingFor(3);
    const moved = { ...box, url: 'http://region.example/cap/2' };
    expect(pauses.isPaused(moved)).toBe(false);
    pauses.noteFailed(moved);
    expect(pauses.isPaused(moved)).toBe(false);
  });

  it('has a clean record once it was reached', () => {
    const pauses = failingFor(3);
    pauses.noteReached(box);
    pauses.noteFailed(box);
    pauses.noteFailed(box);
    expect(pauses.isPaused(box)).toBe(false);
  });

  it('is remembered for as long as there is room, the latest failures first', () => {
    const pauses = createHintPauses(clock, 2);
    const other = (name: string) => ({ id: `box_${name}` as BoxId, url: null });
    for (const one of [other('a'), box, other('a'), other('b')]) {
      for (let n = 0; n < 3; n += 1) pauses.noteFailed(one);
    }
    expect([other('a'), other('b'), box].map((one) => pauses.isPaused(one))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
