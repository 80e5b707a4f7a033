/** The numbers of the service, by names that a person can guess, on a listener of their own. */
import { Registry } from 'prom-client';
import request from 'supertest';
import { plusMs } from '../../src/domain/time';
import type { EstateReadings } from '../../src/http/estate-gauges';
import { createMetrics } from '../../src/http/metrics';
import { startMetricsServer } from '../../src/http/metrics-server';
import { START } from '../support/estate';
import { createManualClock } from '../support/manual-clock';
import { quietLog } from '../support/quiet-log';

const readings = (over: Partial<EstateReadings> = {}): EstateReadings => ({
  payments: async () => ({
    unresolved: 2,
    oldestUnresolvedAt: plusMs(START, -90_000),
    byState: { credited: 40, failed: 2 },
  }),
  breaksOpen: async () => ({ 'evicted-upstream': 1 }),
  asides: async () => 3,
  foreignTransactions: async () => 5,
  horizon: async () => plusMs(START, -4_000),
  now: () => START,
  log: quietLog,
  ...over,
});

const scrape = async (over: Partial<EstateReadings> = {}) => {
  const kept = new Registry();
  const metrics = createMetrics(kept, readings(over));
  const text = async (): Promise<string[]> =>
    (await kept.metrics()).split('\n').filter((line) => line.startsWith('tierbridge_'));
  return { registry: kept, metrics, text };
};

describe('the numbers of the estate', () => {
  it('are read anew at each scrape', async () => {
    const { text } = await scrape();
    expect(await text()).toEqual(
      expect.arrayContaining([
        'tierbridge_payments{state="credited"} 40',
        'tierbridge_payments{state="failed"} 2',
        'tierbridge_payments{state="reported"} 0',
        'tierbridge_unresolved_payments 2',
        'tierbridge_oldest_unresolved_payment_age_seconds 90',
        'tierbridge_evidence_horizon_age_seconds 4',
        'tierbridge_breaks_open{kind="evicted-upstream"} 1',
        'tierbridge_breaks_open{kind="beyond-2038"} 0',
        'tierbridge_asides 3',
        'tierbridge_foreign_transactions 5',
      ]),
    );
  });

  it('ask the store for payments once in a scrape', async () => {
    let asked = 0;
    const { text } = await scrape({
      payments: async () => {
        asked += 1;
        return { unresolved: 0, oldestUnresolvedAt: null, byState: {} };
      },
    });
    expect(await text()).toContain('tierbridge_oldest_unresolved_payment_age_seconds 0');
    expect(asked).toBe(1);
  });

  it('are left out where the database cannot be asked, and the others stay', async () => {
    const { text, metrics } = await scrape({
      payments: () => Promise.reject(new Error('gone')),
      horizon: async () => null,
    });
    metrics.queueLength('settle', 7);
    const lines = await text();
    expect(lines.join()).not.toMatch(/unresolved|tierbridge_payments|horizon_age/);
    expect(lines).toContain('tierbridge_queue_length{queue="settle"} 7');
    expect(lines).toContain('tierbridge_asides 3');
  });
});

describe('the numbers of this process', () => {
  it('tell the state of the stream as one that is 1', async () => {
    const { metrics, text } = await scrape();
    metrics.streamState('live');
    expect(metrics.currentStreamState()).toBe('live');
    const states = (await text()).filter((line) => line.startsWith('tierbridge_stream_state'));
    expect(states.filter((line) => line.endsWith(' 1'))).toEqual([
      'tierbridge_stream_state{state="live"} 1',
    ]);
  });

  it('tell what sweeps came to and how long boxes waited', async () => {
    const { metrics, text } = await scrape();
    const counts = { compared: 100, repaired: 3, breaks: 1, failed: 0 };
    metrics.sweepEnded({ kind: 'resync', end: 'complete', counts, durationMs: 1_500 });
    metrics.sweepEnded({ kind: 'settle', end: 'failed', counts: null, durationMs: 10 });
    metrics.measureBoxCall('events')('stored');
    const lines = await text();
    expect(lines).toEqual(
      expect.arrayContaining([
        'tierbridge_sweeps_total{kind="resync",end="complete"} 1',
        'tierbridge_sweeps_total{kind="settle",end="failed"} 1',
        'tierbridge_sweep_last_result{kind="resync",count="repaired"} 3',
        'tierbridge_repairs_total{kind="resync"} 3',
        'tierbridge_sweep_duration_seconds_sum{kind="resync"} 1.5',
        'tierbridge_intake_latency_seconds_count{call="events",code="stored"} 1',
      ]),
    );
  });

  it('are served as Prometheus text on a listener of their own', async () => {
    const { registry } = await scrape();
    const clock = createManualClock(START);
    const place = { host: '127.0.0.1', port: 0 };
    const server = await startMetricsServer({ registry, ...place, clock, log: quietLog });
    const ask = request(`http://127.0.0.1:${server.port}`);
    const answer = await ask.get('/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.text).toContain('# TYPE tierbridge_payments gauge');
    expect((await ask.get('/elsewhere')).status).toBe(404);
    expect((await ask.post('/metrics')).status).toBe(405);
    await server.close(1_000);
  });
});
