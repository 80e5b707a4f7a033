/**
 * Which numbers of the provider's status stream are covered, and how far the evidence horizon may
 * move; pure bookkeeping that hears, fetches and stores nothing itself.
 *
 * The claim that every function here keeps: each event with a time *before* the horizon has been
 * heard or fetched. An event with exactly the horizon's time may still be on its way, since several
 * share a millisecond; the catch-up's margin takes such ties in.
 */
import type { StreamId } from './ids';
import {
  dropUpTo,
  withRange,
  withoutNumber,
  type MissingRange,
  type MissingRanges,
} from './missing-ranges';
import { earlier, later, MINUTE_MS, plusMs, SECOND_MS, type Instant } from './time';

/** How long a missing number may still come by itself (reordering). */
const REORDER_WAIT_MS = 5 * SECOND_MS;
/** How far before the horizon a catch-up begins. */
const CATCH_UP_MARGIN_MS = 5 * MINUTE_MS;

/** Why everything since the horizon must be fetched, whatever numbers are heard. */
export type SnapshotReason = 'first-start' | 'new-stream' | 'gap';

export interface StreamPlace {
  readonly streamId: StreamId;
  readonly seq: number;
}

/** What `hello` said: `seq` the highest number used, `oldest` the lowest that the server keeps. */
export interface HelloPlace extends StreamPlace {
  readonly oldest: number;
}

export interface StreamCover {
  readonly streamId: StreamId;
  /** Rises whenever numbers begin to mean something else, or frames may have been lost unseen. */
  readonly connection: number;
  /** The highest number that the server is known to have used. */
  readonly revealed: number;
  /** The highest number heard: what lies between it and `revealed` may still come in order. */
  readonly heardUpTo: number;
  readonly missing: MissingRanges;
  readonly snapshotFor: SnapshotReason | null;
  readonly horizon: Instant | null;
  /** Provider's time of the latest frame that carried the number `revealed`. */
  readonly latestTime: Instant | null;
}

/**
 * A frame whose content has been stored; `fetched` = an unreadable one, its row looked up by REST.
 */
export type Heard =
  | { readonly kind: 'event' | 'heartbeat'; readonly seq: number; readonly time: Instant }
  | { readonly kind: 'fetched'; readonly seq: number };

/** A catch-up as it must be made: everything updated since `since` (null = everything there is). */
export interface CatchUp {
  readonly reason: SnapshotReason | 'missing';
  readonly since: Instant | null;
  /** Numbers up to here were in use before its first page is asked for; only they are made good. */
  readonly coversUpToSeq: number;
  readonly streamId: StreamId;
  readonly connection: number;
}

/** The first hello of a process, after what was stored (both null: never followed before). */
export function startCover(
  hello: HelloPlace,
  stored: { readonly cursor: StreamPlace | null; readonly horizon: Instant | null },
  now: Instant,
): StreamCover {
  const { cursor, horizon } = stored;
  const seq = cursor?.seq ?? hello.seq;
  const before: StreamCover = {
    streamId: cursor?.streamId ?? hello.streamId,
    connection: 0,
    revealed: seq,
    heardUpTo: seq,
    missing: [],
    snapshotFor: cursor === null || horizon === null ? 'first-start' : null,
    horizon,
    latestTime: null,
  };
  return resumeCover(before, hello, now);
}

/**
 * A later hello: what was covered stays so, and what was missing keeps its age, so that a link
 * that breaks every few seconds cannot put a catch-up off for ever.
 */
export function resumeCover(before: StreamCover, hello: HelloPlace, now: Instant): StreamCover {
  const snapshotFor = discontinuity(before, hello);
  const next = { ...before, streamId: hello.streamId, connection: before.connection + 1 };
  if (snapshotFor === null) return reveal(next, hello.seq, now);
  const { seq } = hello;
  return { ...next, snapshotFor, revealed: seq, heardUpTo: seq, missing: [], latestTime: null };
}

/**
 * The server says that it cannot replay from our cursor: it goes on live from the hello's `seq`.
 */
export function hearGap(cover: StreamCover): StreamCover {
  return cover.snapshotFor === null ? { ...cover, snapshotFor: 'gap' } : cover;
}

/**
 * Call it once the frame's content is stored. Repeats and late frames are harmless. An unreadable
 * frame is not heard: its number stays missing until it is `fetched` or a catch-up covers it.
 */
export function hear(cover: StreamCover, heard: Heard, now: Instant): StreamCover {
  switch (heard.kind) {
    case 'event':
      return advance(noteTime(tick(cover, heard.seq, now), heard), now);
    case 'heartbeat': {
      if (isContradiction(cover, heard)) return renumbered(cover, heard);
      return advance(noteTime(reveal(cover, heard.seq, now), heard), now);
    }
    case 'fetched':
      // A number salvaged from a broken frame is trusted only where a sound frame bears it out.
      return heard.seq <= cover.revealed + 1 ? advance(tick(cover, heard.seq, now), now) : cover;
  }
}

/** Numbers in use that were neither heard nor fetched, ascending; bounded, then pessimistic. */
export const missing = (cover: StreamCover): readonly MissingRange[] => cover.missing;

/** Milliseconds until a catch-up is due; 0 = now, null = nothing is missing. For a timer. */
export function waitForCatchUpMs(cover: StreamCover, now: Instant): number | null {
  if (cover.snapshotFor !== null) return 0;
  if (cover.missing.length === 0) return null;
  const oldest = cover.missing.map((range) => range.since).reduce(earlier);
  return Math.max(0, oldest + REORDER_WAIT_MS - now);
}

/**
 * The catch-up that is due, or null. Ask immediately before its first page is requested, never
 * earlier: what is revealed afterwards is not covered by it.
 */
export function catchUpDue(cover: StreamCover, now: Instant): CatchUp | null {
  if (waitForCatchUpMs(cover, now) !== 0) return null;
  return {
    reason: cover.snapshotFor ?? 'missing',
    since: cover.horizon === null ? null : plusMs(cover.horizon, -CATCH_UP_MARGIN_MS),
    coversUpToSeq: cover.revealed,
    streamId: cover.streamId,
    connection: cover.connection,
  };
}

/**
 * Every row of `catchUp` is stored. `firstPageTime` is the provider's clock when it answered the
 * first page (of several lists: the earliest). One that began under an earlier connection moves the
 * horizon only; one of another stream id counts for nothing.
 */
export function coverByCatchUp(
  cover: StreamCover,
  done: { readonly catchUp: CatchUp; readonly firstPageTime: Instant },
  now: Instant,
): StreamCover {
  const { catchUp, firstPageTime } = done;
  if (catchUp.streamId !== cover.streamId) return cover;
  const moved = moveHorizon(cover, firstPageTime, now);
  if (catchUp.connection !== cover.connection) return moved;
  const left = dropUpTo(moved.missing, catchUp.coversUpToSeq);
  return advance({ ...moved, missing: left, snapshotFor: null }, now);
}

/**
 * Where the next subscription begins: all up to it is covered. Null while a snapshot is due: store
 * that too, so that a process started meanwhile does not take the old numbers for its own. May be
 * lower than one stored before, when the server has lost numbers.
 */
export function cursor(cover: StreamCover): StreamPlace | null {
  if (cover.snapshotFor !== null) return null;
  const [first] = cover.missing;
  return { streamId: cover.streamId, seq: first === undefined ? cover.revealed : first.from - 1 };
}

/** Null until the first catch-up is complete. */
export const horizon = (cover: StreamCover): Instant | null => cover.horizon;

function discontinuity(before: StreamCover, hello: HelloPlace): SnapshotReason | null {
  if (hello.streamId !== before.streamId) return 'new-stream';
  const after = cursor(before)?.seq ?? hello.seq;
  // The server ought to send `gap` for both; a missing frame must not be able to hide them.
  return hello.seq < before.revealed || after < hello.oldest - 1 ? 'gap' : null;
}

/** Numbers up to `seq` are in use. */
function reveal(cover: StreamCover, seq: number, now: Instant): StreamCover {
  if (seq <= cover.revealed) return cover;
  const range = { from: cover.revealed + 1, to: seq, since: now };
  return { ...cover, revealed: seq, missing: withRange(cover.missing, range) };
}

/** One number is covered. While a backlog arrives in order, what is still to come stays young. */
function tick(cover: StreamCover, seq: number, now: Instant): StreamCover {
  const known = reveal(cover, seq, now);
  const sinceAbove = seq > cover.heardUpTo ? now : null;
  return {
    ...known,
    missing: withoutNumber(known.missing, seq, sinceAbove),
    heardUpTo: Math.max(known.heardUpTo, seq),
  };
}

function noteTime(cover: StreamCover, frame: { seq: number; time: Instant }): StreamCover {
  if (frame.seq !== cover.revealed) return cover;
  const { latestTime } = cover;
  return { ...cover, latestTime: latestTime === null ? frame.time : later(latestTime, frame.time) };
}

/** A later heartbeat that names a lower number: numbering fell without a new hello. */
function isContradiction(cover: StreamCover, beat: { seq: number; time: Instant }): boolean {
  return beat.seq < cover.revealed && cover.latestTime !== null && beat.time > cover.latestTime;
}

function renumbered(cover: StreamCover, beat: { seq: number; time: Instant }): StreamCover {
  return {
    ...cover,
    connection: cover.connection + 1,
    revealed: beat.seq,
    heardUpTo: beat.seq,
    missing: [],
    snapshotFor: cover.snapshotFor ?? 'gap',
    latestTime: beat.time,
  };
}

function advance(cover: StreamCover, now: Instant): StreamCover {
  const { snapshotFor, latestTime } = cover;
  if (snapshotFor !== null || cover.missing.length > 0 || latestTime === null) return cover;
  return moveHorizon(cover, latestTime, now);
}

/** Never backwards, and never ahead of our own clock. */
function moveHorizon(cover: StreamCover, to: Instant, now: Instant): StreamCover {
  const target = earlier(to, now);
  if (cover.horizon !== null && cover.horizon >= target) return cover;
  return { ...cover, horizon: target };
}
