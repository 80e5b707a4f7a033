/**
 * One frame of the status stream, read into a signal; every frame becomes exactly one, and those
 * that cannot be read say so with whatever could be salvaged. It never throws.
 */
import { z } from 'zod';
import { parseStreamId } from '../../domain/ids';
import type { StreamSignal } from '../../flows/ports/provider-port';
import { readBy, readTransaction, readUnit, type Reading } from '../messages';
import { boundedText, count, excerptOf, parsedBy, time, txId, unitId } from '../scalars';

/** The protocol's own limit. */
export const MOST_FRAME_BYTES = 64 * 1024;
const MOST_EXCERPT = 2_000;
const MOST_HEARTBEAT_MS = 3_600_000;
const MOST_RETRY_MS = 86_400_000;

export type Unreadable = Extract<StreamSignal, { kind: 'unreadable' }>;

const hello = z.object({
  stream: z.string().transform(parsedBy(parseStreamId)),
  seq: count,
  oldest: count,
  heartbeatMs: z.int().min(1).max(MOST_HEARTBEAT_MS),
  time,
});
const event = z.object({ seq: count, time, type: boundedText(64), data: z.unknown().optional() });
const heartbeat = z.object({ seq: count, time });
const gap = z.object({ oldest: count });
const bye = z.object({
  reason: boundedText(200),
  retryMs: z
    .number()
    .nullish()
    .transform((ms) => Math.min(Math.max(ms ?? 0, 0), MOST_RETRY_MS)),
});

/** @param bytes one text frame as received, whatever is in it. */
export function readFrame(bytes: Buffer): StreamSignal {
  if (bytes.length > MOST_FRAME_BYTES) {
    return unreadable(bytes, null, `A frame of ${bytes.length} bytes is longer than 64 KiB.`);
  }
  const frame = parseJson(bytes);
  if (frame === null) return unreadable(bytes, null, 'The frame is no JSON object.');
  const reading = readOp(frame);
  return reading.kind === 'read' ? reading.word : unreadable(bytes, frame, reading.fault);
}

/** A frame that is not read at all, for a reason that lies outside it. */
export function refuseFrame(bytes: Buffer, fault: string): Unreadable {
  return unreadable(bytes, null, fault);
}

function readOp(frame: Readonly<Record<string, unknown>>): Reading<StreamSignal> {
  switch (frame['op']) {
    case 'hello':
      return mapped(readBy(hello, frame), ({ stream, ...rest }) => ({
        kind: 'hello',
        streamId: stream,
        ...rest,
      }));
    case 'event':
      return readEvent(frame);
    case 'heartbeat':
      return mapped(readBy(heartbeat, frame), (word) => ({ kind: 'heartbeat', ...word }));
    case 'gap':
      return mapped(readBy(gap, frame), (word) => ({ kind: 'gap', ...word }));
    case 'bye':
      return mapped(readBy(bye, frame), (word) => ({ kind: 'bye', ...word }));
    default:
      return { kind: 'fault', fault: 'op: The frame is of no kind that we know.' };
  }
}

function readEvent(frame: unknown): Reading<StreamSignal> {
  const reading = readBy(event, frame);
  if (reading.kind === 'fault') return reading;
  const { seq, time: at, type, data } = reading.word;
  switch (type) {
    case 'transaction':
      return mapped(readTransaction(data), (word) => ({ kind: type, seq, time: at, word }));
    case 'unit':
      return mapped(readUnit(data), (word) => ({ kind: type, seq, time: at, word }));
    default:
      return {
        kind: 'read',
        word: { kind: 'notice', seq, time: at, type, text: noticeText(data) },
      };
  }
}

/** The protocol leaves a notice's data open: its `text` or `message`, else all of it. */
function noticeText(data: unknown): string {
  if (data === undefined || data === null) return '';
  const { text, message } = isRecord(data) ? data : { text: data, message: null };
  const said = [text, message].find((one) => typeof one === 'string');
  const reading = readBy(boundedText(MOST_EXCERPT), said);
  return reading.kind === 'read' && said !== undefined
    ? reading.word
    : excerptOf(data, MOST_EXCERPT);
}

function unreadable(
  bytes: Buffer,
  frame: Readonly<Record<string, unknown>> | null,
  fault: string,
): Unreadable {
  const excerpt = bytes.toString('utf8', 0, MOST_EXCERPT);
  const found = frame === null ? salvageText(excerpt) : salvageFrame(frame);
  return { kind: 'unreadable', ...found, fault, excerpt };
}

type Salvage = Pick<Unreadable, 'seq' | 'time' | 'txId' | 'unitId'>;

function salvageFrame(frame: Readonly<Record<string, unknown>>): Salvage {
  const data = isRecord(frame['data']) ? frame['data'] : {};
  const { id, unit } = data;
  const isTransaction = frame['type'] === 'transaction';
  return {
    seq: orNull(readBy(count, frame['seq'])),
    time: orNull(readBy(time, frame['time'])),
    txId: isTransaction ? orNull(readBy(txId, id)) : null,
    unitId: orNull(readBy(unitId, isTransaction ? unit : frame['type'] === 'unit' ? id : null)),
  };
}

/** From what is no JSON, cut off for instance: only what stands as the protocol writes it. */
function salvageText(text: string): Salvage {
  const seq = /"seq"\s*:\s*(\d{1,15})\s*,/.exec(text)?.[1];
  const type = /"type"\s*:\s*"(transaction|unit)"/.exec(text)?.[1];
  const id = /"data"\s*:\s*\{\s*"id"\s*:\s*"([^"\\]{1,128})"/.exec(text)?.[1];
  return {
    seq: seq === undefined ? null : Number(seq),
    time: null,
    txId: type === 'transaction' ? orNull(readBy(txId, id)) : null,
    unitId: type === 'unit' ? orNull(readBy(unitId, id)) : null,
  };
}

function parseJson(bytes: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapped<From>(
  reading: Reading<From>,
  to: (word: From) => StreamSignal,
): Reading<StreamSignal> {
  return reading.kind === 'read' ? { kind: 'read', word: to(reading.word) } : reading;
}

function orNull<Word>(reading: Reading<Word>): Word | null {
  return reading.kind === 'read' ? reading.word : null;
}
