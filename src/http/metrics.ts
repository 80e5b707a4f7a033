/**
 * The service's numbers under names that a person can guess (`tierbridge_…`); serves nothing
 * itself.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { SweepEnd } from '../flows/ports/sweep-port';
import { STREAM_STATES, type Metrics, type StreamState } from '../flows/ports/metrics-port';
import { registerEstateGauges, type EstateReadings } from './estate-gauges';

export interface ServiceMetrics extends Metrics {
  /** The last state told; for `/readyz`. */
  currentStreamState(): StreamState;
  /** Starts a stopwatch for a box's call; tell it the code of the answer. */
  measureBoxCall(call: string): (code: string) => void;
}

/** Durable inserts take a millisecond or two; boxes give up after many seconds. */
const LATENCY_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const SWEEP_BUCKETS = [0.05, 0.25, 1, 5, 15, 60, 300, 900, 3_600];

/**
 * @param registry one for each composed service; it is handed to the metrics server too.
 * @param readings asked for at each scrape; what cannot be read is left out of it.
 */
export function createMetrics(registry: Registry, readings: EstateReadings): ServiceMetrics {
  collectDefaultMetrics({ register: registry });
  registerEstateGauges(registry, readings);
  return { ...streamMetrics(registry), ...sweepMetrics(registry), ...workMetrics(registry) };
}

type StreamMetrics = Pick<
  ServiceMetrics,
  | 'streamState'
  | 'currentStreamState'
  | 'streamSignals'
  | 'putAside'
  | 'evidenceHorizon'
  | 'catchUpEnded'
>;

function streamMetrics(registry: Registry): StreamMetrics {
  const registers = [registry];
  let current: StreamState = 'standby';
  const state = new Gauge({
    name: 'tierbridge_stream_state',
    help: '1 for the state that the status stream is in, as this process sees it; else 0.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const one of STREAM_STATES) this.set({ state: one }, one === current ? 1 : 0);
    },
  });
  const signals = new Counter({
    name: 'tierbridge_stream_signals_total',
    help: 'Signals of the status stream that were taken in, by kind.',
    labelNames: ['kind'],
    registers,
  });
  const asides = new Counter({
    name: 'tierbridge_put_aside_total',
    help: 'Frames and rows of the provider that could not be read, put aside for a person.',
    labelNames: ['from'],
    registers,
  });
  const horizon = new Gauge({
    name: 'tierbridge_stream_horizon_timestamp_seconds',
    help: 'The evidence horizon as this process last moved it, Unix time.',
    registers,
  });
  horizon.remove();
  const catchUps = new Counter({
    name: 'tierbridge_catch_ups_total',
    help: 'Gaps of the stream that were made good by look-ups, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  return {
    streamState(next) {
      current = next;
      state.set({ state: next }, 1);
    },
    currentStreamState: () => current,
    streamSignals: (kind, count) => signals.inc({ kind }, count),
    putAside: (from, count) => asides.inc({ from }, count),
    evidenceHorizon: (at) => horizon.set(at / 1000),
    catchUpEnded: (outcome) => catchUps.inc({ outcome }),
  };
}

function sweepMetrics(registry: Registry): Pick<ServiceMetrics, 'sweepEnded'> {
  const registers = [registry];
  const sweeps = new Counter({
    name: 'tierbridge_sweeps_total',
    help: 'Sweeps that this process ended, by kind and end.',
    labelNames: ['kind', 'end'] satisfies ('kind' | 'end')[],
    registers,
  });
  const durations = new Histogram({
    name: 'tierbridge_sweep_duration_seconds',
    help: 'How long sweeps took.',
    labelNames: ['kind'],
    buckets: SWEEP_BUCKETS,
    registers,
  });
  const results = new Gauge({
    name: 'tierbridge_sweep_last_result',
    help: 'What the last sweep of each kind counted: compared, repaired, breaks, failed.',
    labelNames: ['kind', 'count'],
    registers,
  });
  const repairs = new Counter({
    name: 'tierbridge_repairs_total',
    help: 'Repairs made by sweeps that this process ended.',
    labelNames: ['kind'],
    registers,
  });
  return {
    sweepEnded({ kind, end, counts, durationMs }) {
      sweeps.inc({ kind, end: end satisfies SweepEnd });
      durations.observe({ kind }, durationMs / 1000);
      if (counts === null) return;
      for (const [count, value] of Object.entries(counts)) results.set({ kind, count }, value);
      repairs.inc({ kind }, counts.repaired);
    },
  };
}

type WorkMetrics = Pick<ServiceMetrics, 'queueLength' | 'queueDropped' | 'measureBoxCall'>;

function workMetrics(registry: Registry): WorkMetrics {
  const registers = [registry];
  const lengths = new Gauge({
    name: 'tierbridge_queue_length',
    help: 'What waits in this process, by queue.',
    labelNames: ['queue'],
    registers,
  });
  const dropped = new Counter({
    name: 'tierbridge_queue_dropped_total',
    help: 'What was left to the next sweep because too much was waiting, by queue.',
    labelNames: ['queue'],
    registers,
  });
  const latency = new Histogram({
    name: 'tierbridge_intake_latency_seconds',
    help: 'From the first byte of a box’s call to its answer, by call and code.',
    labelNames: ['call', 'code'],
    buckets: LATENCY_BUCKETS,
    registers,
  });
  return {
    queueLength: (queue, length) => lengths.set({ queue }, length),
    queueDropped: (queue, count) => dropped.inc({ queue }, count),
    measureBoxCall(call) {
      const stop = latency.startTimer({ call });
      return (code) => void stop({ code });
    },
  };
}
