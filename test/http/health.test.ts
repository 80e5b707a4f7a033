/** What watches the service is told without a key: whether it lives, is ready, and its numbers. */
import express, { type ErrorRequestHandler } from 'express';
import request from 'supertest';
import { parseSweepId } from '../../src/domain/ids';
import { newSweep } from '../../src/domain/sweep';
import type { Instant } from '../../src/domain/time';
import { checkReadiness, type ReadinessDeps } from '../../src/flows/check-readiness';
import { createReadiness, health } from '../../src/http/health';
import { START } from '../support/estate';
import { createFakeFollowerStore } from '../support/fakes/follower-store';
import { createFakeSweepStore } from '../support/fakes/sweep-store';
import { createManualClock } from '../support/manual-clock';

const world = (over: Partial<ReadinessDeps> = {}) => {
  const clock = createManualClock(START);
  const deps: ReadinessDeps = {
    database: { engine: 'mongod 8.0', ping: async () => true },
    streamState: () => 'live',
    follower: createFakeFollowerStore(),
    sweeps: createFakeSweepStore(),
    clock,
    ...over,
  };
  const app = express()
    .get('/healthz', health)
    .get(
      '/readyz',
      createReadiness(() => checkReadiness(deps), clock),
    );
  return { app, deps, clock };
};

const sweep = (startedAt: Instant) =>
  newSweep({ id: parseSweepId('swp_1'), kind: 'settle', author: 'system', startedAt, fence: 1 });

describe('the process', () => {
  it('lives, whatever else is down', async () => {
    const { app } = world({ database: { engine: 'mongod', ping: async () => false } });
    const answer = await request(app).get('/healthz');
    expect([answer.status, answer.body]).toEqual([200, { status: 'ok' }]);
  });

  it('is ready when the database answers, and shows each part with its state', async () => {
    const { app, deps } = world();
    await createFollowing(deps);
    const answer = await request(app).get('/readyz');
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        status: 'ready',
        database: { ok: true, engine: 'mongod 8.0' },
        stream: { state: 'live', horizon: '2026-03-02T12:00:00.000Z' },
        sweeps: {
          settle: { status: 'running', startedAt: '2026-03-02T12:00:00.000Z', finishedAt: null },
          resync: null,
        },
      },
    ]);
  });

  it('is ready while the provider is down', async () => {
    const { app } = world({ streamState: () => 'connecting' });
    const answer = await request(app).get('/readyz');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ stream: { state: 'connecting', horizon: null } });
  });

  it('is not ready while the database does not answer', async () => {
    const { app } = world({ database: { engine: 'mongod 8.0', ping: async () => false } });
    const answer = await request(app).get('/readyz');
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ status: 'not-ready', database: { ok: false } });
  });

  it('is looked at once for all who ask, and again after a second', async () => {
    let looks = 0;
    const ping = async (): Promise<boolean> => (looks += 1) > 0;
    const { app, clock } = world({ database: { engine: 'mongod 8.0', ping } });
    const ask = () => Promise.all([1, 2, 3].map(() => request(app).get('/readyz').expect(200)));
    await ask();
    await clock.advance(999);
    await ask();
    expect(looks).toBe(1);
    await clock.advance(1);
    await ask();
    expect(looks).toBe(2);
  });

  it('is looked at again at once where looking itself failed', async () => {
    let looks = 0;
    const clock = createManualClock(START);
    const look = async (): Promise<never> => {
      looks += 1;
      throw new Error('broken');
    };
    const app = express().get('/readyz', createReadiness(look, clock));
    app.use(((_error, _req, res, _next) => void res.status(500).end()) as ErrorRequestHandler);
    for (let n = 0; n < 2; n += 1) await request(app).get('/readyz').expect(500);
    expect(looks).toBe(2);
  });

  it('is told within a bounded time, though a store hangs', async () => {
    const hanging = { read: () => new Promise<never>(() => undefined) };
    const { app, clock } = world({ follower: hanging });
    let isAnswered = false;
    const sent = request(app)
      .get('/readyz')
      .then((answer) => {
        isAnswered = true;
        return answer;
      });
    while (!isAnswered) await clock.advance(clock.waiting() > 0 ? 500 : 0);
    expect((await sent).body).toMatchObject({ status: 'ready', stream: { horizon: null } });
    expect(clock.now() - START).toBeLessThanOrEqual(2_000);
  });
});

async function createFollowing({ follower, sweeps }: ReadinessDeps): Promise<void> {
  await (follower as ReturnType<typeof createFakeFollowerStore>).write(
    { streams: [], seq: 1, horizon: START },
    1,
  );
  await (sweeps as ReturnType<typeof createFakeSweepStore>).begin(sweep(START));
}
