/**
 * Frames of the status stream as text, the broken ones among them; each is one JSON object, ≤ 64
 * KiB.
 */
import { toRfc3339, type Instant } from '../../src/domain/time';
import { roll } from './random';
import { toWireTransaction, toWireUnit } from './records';
import type { StreamEvent } from './event-log';

export const CLOSE_BAD_TOKEN = 4001;
export const CLOSE_PROTOCOL_ERROR = 4002;
export const CLOSE_SLOW_READER = 4008;
export const CLOSE_RESTART = 1012;

export const MOST_FRAME_BYTES = 65_536;

export function helloFrame(hello: {
  readonly stream: string;
  readonly seq: number;
  readonly oldest: number;
  readonly heartbeatMs: number;
  readonly time: Instant;
}): string {
  return JSON.stringify({ op: 'hello', ...hello, time: toRfc3339(hello.time) });
}

export const gapFrame = (oldest: number): string => JSON.stringify({ op: 'gap', oldest });

export const byeFrame = (reason: string, retryMs: number): string =>
  JSON.stringify({ op: 'bye', reason, retryMs });

export const heartbeatFrame = (seq: number, time: Instant): string =>
  JSON.stringify({ op: 'heartbeat', seq, time: toRfc3339(time) });

export function eventFrame(event: StreamEvent): string {
  const { seq, data } = event;
  return JSON.stringify({
    op: 'event',
    seq,
    time: toRfc3339(event.time),
    ...typeAndData(data),
  });
}

/** Cut off, overwritten, or a proxy's error page: never JSON. */
export function garbageFrame(event: StreamEvent, seed: number): string {
  const whole = eventFrame(event);
  const kind = roll(seed, 'garbage-kind', event.seq);
  if (kind < 0.4) return whole.slice(0, Math.floor(whole.length * (0.1 + kind)));
  if (kind < 0.7) return `${whole.slice(0, -1)},,`;
  return '<html><body><h1>502 Bad Gateway</h1></body></html>';
}

function typeAndData(data: StreamEvent['data']): { type: string; data: object } {
  switch (data.kind) {
    case 'unit':
      return { type: 'unit', data: toWireUnit(data) };
    case 'transaction':
      return { type: 'transaction', data: toWireTransaction(data) };
    case 'notice':
      return { type: data.type, data: { text: data.text } };
  }
}
