/** How long a box waits after a failure, and between its calls. */
import { createPace, retryAfterS } from '../../scripts/sim-box/pace';

describe('the waits after failures in a row', () => {
  it('widen from 15 seconds to 15 minutes', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 100].map((failures) => retryAfterS(failures, 0.5));
    expect(waits).toEqual([15, 30, 60, 120, 300, 900, 900, 900]);
  });

  it('spread by a fifth either way', () => {
    expect(retryAfterS(1, 0)).toBe(12);
    expect(retryAfterS(1, 1)).toBe(18);
  });
});

describe('the pace of calls', () => {
  it('leaves two seconds between two, and lets ten through in a minute', () => {
    const pace = createPace(1);
    expect(pace.earliest()).toBe(Number.NEGATIVE_INFINITY);
    for (let call = 0; call < 9; call += 1) pace.note(call * 2_000);
    expect(pace.earliest()).toBe(18_000);
    pace.note(18_000);
    expect(pace.earliest()).toBe(60_000);
    pace.note(60_000);
    expect(pace.earliest()).toBe(62_000);
  });

  it('shrinks with the scale', () => {
    const pace = createPace(0.01);
    pace.note(1_000);
    expect(pace.earliest()).toBe(1_020);
  });
});
