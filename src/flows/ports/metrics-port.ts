/**
 * What the service tells about itself in numbers; who exposes them, and under which names, is
 * wired.
 */
import type { SweepCounts, SweepKind } from '../../domain/sweep';
import type { Instant } from '../../domain/time';
import type { SweepEnd } from './sweep-port';

/**
 * Of this process. `standby`: another process follows. `refused`: the provider refuses our token,
 * and nobody is asked again before a restart.
 */
export const STREAM_STATES = ['standby', 'connecting', 'live', 'catching-up', 'refused'] as const;
export type StreamState = (typeof STREAM_STATES)[number];

/** No method throws, and none waits. */
export interface Metrics {
  streamState(state: StreamState): void;
  /** Signals of one kind that were taken in: `transaction`, `unit`, `notice`, `heartbeat`, … */
  streamSignals(kind: string, count: number): void;
  /** Frames or rows put aside for a person. */
  putAside(from: 'stream' | 'lookup', count: number): void;
  evidenceHorizon(at: Instant): void;
  catchUpEnded(outcome: 'complete' | 'failed'): void;
  sweepEnded(run: {
    readonly kind: SweepKind;
    readonly end: SweepEnd;
    /** As they stand in the run's record; null where it could not be read. */
    readonly counts: SweepCounts | null;
    readonly durationMs: number;
  }): void;
  /** How much waits in this process, and what was left to the sweeps because too much was. */
  queueLength(queue: 'settle' | 'resync' | 'hint' | 'seen', length: number): void;
  queueDropped(queue: 'settle' | 'resync' | 'hint' | 'seen', count: number): void;
}
