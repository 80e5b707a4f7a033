import { parseStreamId } from '../../src/domain/ids';
import {
  catchUpDue,
  coverByCatchUp,
  cursor,
  hear,
  hearGap,
  horizon,
  missing,
  resumeCover,
  startCover,
  waitForCatchUpMs,
  type CatchUp,
  type StreamCover,
} from '../../src/domain/stream-cover';
import { instant, MINUTE_MS, plusMs, type Instant } from '../../src/domain/time';

const T0 = instant(Date.UTC(2026, 1, 19, 16, 0));
const at = (ms: number): Instant => plusMs(T0, ms);
const streamId = parseStreamId('stream-a');
const hello = (seq: number, oldest = 1) => ({ streamId, seq, oldest });
const event = (cover: StreamCover, seq: number, ms: number): StreamCover =>
  hear(cover, { kind: 'event', seq, time: at(ms) }, at(ms));
const beat = (cover: StreamCover, seq: number, ms: number): StreamCover =>
  hear(cover, { kind: 'heartbeat', seq, time: at(ms) }, at(ms));

/** Followed up to number 10, horizon T0. */
const followed = (): StreamCover =>
  startCover(hello(10), { cursor: { streamId, seq: 10 }, horizon: T0 }, T0);

function due(cover: StreamCover, ms: number): CatchUp {
  const catchUp = catchUpDue(cover, at(ms));
  if (catchUp === null) throw new Error('No catch-up is due.');
  return catchUp;
}

describe('following from where we left off', () => {
  it('moves the horizon with each event and heartbeat, and the cursor with each number', () => {
    const cover = beat(event(followed(), 11, 500), 11, 900);
    expect(horizon(cover)).toBe(at(900));
    expect(cursor(cover)).toEqual({ streamId, seq: 11 });
    expect(waitForCatchUpMs(cover, at(60_000))).toBeNull();
  });

  it('waits five seconds for a number that is late, and stands still meanwhile', () => {
    const cover = event(followed(), 12, 1_000);
    expect(missing(cover)).toEqual([{ from: 11, to: 11, since: at(1_000) }]);
    expect(cursor(cover)).toEqual({ streamId, seq: 10 });
    expect(horizon(beat(cover, 12, 3_000))).toBe(T0);
    expect(waitForCatchUpMs(cover, at(4_000))).toBe(2_000);
    expect(catchUpDue(cover, at(5_999))).toBeNull();
    expect(due(cover, 6_000)).toMatchObject({
      reason: 'missing',
      since: at(-5 * MINUTE_MS),
      coversUpToSeq: 12,
    });
  });

  it('takes the time of the latest frame once the late number is in', () => {
    const cover = hear(
      beat(event(followed(), 12, 1_000), 12, 3_000),
      { kind: 'event', seq: 11, time: at(900) },
      at(3_500),
    );
    expect(horizon(cover)).toBe(at(3_000));
    expect(cursor(cover)).toEqual({ streamId, seq: 12 });
  });

  it('learns from a heartbeat that a number was used and never arrived', () => {
    const cover = beat(followed(), 12, 1_000);
    expect(missing(cover)).toEqual([{ from: 11, to: 12, since: at(1_000) }]);
    expect(due(cover, 6_000).reason).toBe('missing');
  });

  it('does not call a long backlog missing while it arrives in order', () => {
    let cover = startCover(hello(50), { cursor: { streamId, seq: 10 }, horizon: T0 }, T0);
    for (let seq = 11; seq <= 50; seq += 1) {
      cover = event(cover, seq, (seq - 10) * 1_000);
      expect(catchUpDue(cover, at((seq - 10) * 1_000))).toBeNull();
    }
    expect(horizon(cover)).toBe(at(40_000));
  });

  it('counts an unreadable frame only when its row was fetched, and never a wild number', () => {
    const cover = event(followed(), 12, 1_000);
    const wild = hear(cover, { kind: 'fetched', seq: 9_000_000 }, at(1_200));
    expect(wild).toEqual(cover);
    const made = hear(cover, { kind: 'fetched', seq: 11 }, at(1_200));
    expect(cursor(made)).toEqual({ streamId, seq: 12 });
    expect(horizon(made)).toBe(at(1_000));
    expect(cursor(hear(made, { kind: 'fetched', seq: 13 }, at(1_300)))?.seq).toBe(13);
  });

  it('keeps the horizon at our own now when the clock upstream runs ahead', () => {
    const ahead = hear(followed(), { kind: 'heartbeat', seq: 10, time: at(90_000) }, at(1_000));
    expect(horizon(ahead)).toBe(at(1_000));
  });

  it('keeps the horizon where it is when the clock upstream is set back', () => {
    const cover = beat(beat(followed(), 10, 60_000), 10, 30_000);
    expect(horizon(cover)).toBe(at(60_000));
    const gap = hearGap(cover);
    const done = { catchUp: due(gap, 61_000), firstPageTime: at(31_000) };
    expect(horizon(coverByCatchUp(gap, done, at(61_000)))).toBe(at(60_000));
  });
});

describe('a link that broke', () => {
  it('keeps what was heard and how long the rest has been missing', () => {
    const before = event(followed(), 12, 1_000);
    const cover = resumeCover(before, hello(14), at(4_000));
    expect(missing(cover)).toEqual([
      { from: 11, to: 11, since: at(1_000) },
      { from: 13, to: 14, since: at(4_000) },
    ]);
    expect(due(cover, 6_000).coversUpToSeq).toBe(14);
  });

  it.each([
    { why: 'the server no longer keeps our place', hello: hello(90, 40), reason: 'gap' },
    { why: 'the server has lost numbers', hello: hello(7), reason: 'gap' },
    {
      why: 'numbering began anew',
      hello: { ...hello(90), streamId: parseStreamId('stream-b') },
      reason: 'new-stream',
    },
  ])('asks for a catch-up at once when $why', ({ hello: next, reason }) => {
    const cover = resumeCover(followed(), next, at(1_000));
    expect(due(cover, 1_000)).toMatchObject({ reason, since: at(-5 * MINUTE_MS) });
    expect(cursor(cover)).toBeNull();
    expect(horizon(beat(cover, next.seq, 2_000))).toBe(T0);
    const again = resumeCover(cover, { ...next, seq: next.seq + 5 }, at(2_000));
    expect(due(again, 2_000)).toMatchObject({ reason, coversUpToSeq: next.seq + 5 });
    expect(cursor(again)).toBeNull();
  });

  it('begins with everything there is when nothing was ever followed', () => {
    const cover = startCover(hello(70), { cursor: null, horizon: null }, T0);
    expect(due(cover, 0)).toMatchObject({ reason: 'first-start', since: null, coversUpToSeq: 70 });
    const done = { catchUp: due(cover, 0), firstPageTime: at(400) };
    const covered = coverByCatchUp(event(cover, 71, 600), done, at(900));
    expect(horizon(covered)).toBe(at(600));
    expect(cursor(covered)).toEqual({ streamId, seq: 71 });
  });

  it('catches up as well when a cursor was stored without a horizon, or the other way', () => {
    const only = startCover(hello(10), { cursor: { streamId, seq: 10 }, horizon: null }, T0);
    expect(due(only, 0)).toMatchObject({ reason: 'first-start', since: null });
    const bare = startCover(hello(10), { cursor: null, horizon: T0 }, T0);
    expect(due(bare, 0)).toMatchObject({ reason: 'first-start', since: at(-5 * MINUTE_MS) });
  });
});

describe('a catch-up', () => {
  it('covers what was missing when it began, and not what was missed since', () => {
    const gap = hearGap(followed());
    const catchUp = due(gap, 1_000);
    const meanwhile = event(event(gap, 11, 1_100), 13, 1_300);
    const cover = coverByCatchUp(meanwhile, { catchUp, firstPageTime: at(1_050) }, at(9_000));
    expect(missing(cover)).toEqual([{ from: 12, to: 12, since: at(1_300) }]);
    expect(horizon(cover)).toBe(at(1_050));
    expect(due(cover, 9_000)).toMatchObject({ reason: 'missing', coversUpToSeq: 13 });
  });

  it('that outlived its link moves the horizon and covers no number', () => {
    const gap = hearGap(followed());
    const catchUp = due(gap, 1_000);
    const next = resumeCover(gap, hello(30), at(2_000));
    const cover = coverByCatchUp(next, { catchUp, firstPageTime: at(1_100) }, at(3_000));
    expect(horizon(cover)).toBe(at(1_100));
    expect(cursor(cover)).toBeNull();
    expect(due(cover, 3_000)).toMatchObject({ since: at(1_100 - 5 * MINUTE_MS) });
  });

  it('counts for nothing when numbering began anew meanwhile', () => {
    const gap = hearGap(followed());
    const catchUp = due(gap, 1_000);
    const other = { ...hello(3), streamId: parseStreamId('stream-b') };
    const next = resumeCover(gap, other, at(2_000));
    expect(coverByCatchUp(next, { catchUp, firstPageTime: at(1_100) }, at(3_000))).toEqual(next);
  });
});

describe('a server that contradicts itself', () => {
  it('stops the horizon at a wild number instead of calling later events old', () => {
    const wild = event(followed(), 9_000_000, 1_000);
    const done = { catchUp: due(wild, 6_000), firstPageTime: at(6_100) };
    const covered = coverByCatchUp(wild, done, at(7_000));
    expect(horizon(event(covered, 12, 8_000))).toBe(at(6_100));
  });

  it('begins anew from a heartbeat whose number fell', () => {
    const cover = beat(beat(followed(), 40, 1_000), 12, 2_000);
    expect(due(cover, 2_000)).toMatchObject({ reason: 'gap', coversUpToSeq: 12 });
    expect(cursor(cover)).toBeNull();
  });

  it('is not mistaken for one whose heartbeat was merely late', () => {
    const cover = beat(event(followed(), 11, 2_000), 10, 1_000);
    expect(catchUpDue(cover, at(60_000))).toBeNull();
    expect(horizon(cover)).toBe(at(2_000));
  });
});
