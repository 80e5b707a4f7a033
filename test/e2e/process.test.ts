/** The service as a process: how it starts, what it tells whoever watches it, and how it ends. */
import { z } from 'zod';
import {
  endService,
  killServices,
  launchService,
  startService,
  type ServiceProcess,
} from '../../scripts/rehearsal/service-process';
import { ADMIN_KEY, hastyEnv, PROVIDER_TOKEN } from '../../scripts/rehearsal/settings';
import { clearScratch, scratchDir } from '../support/scratch';
import { until } from '../../scripts/rehearsal/until';
import { startDatabaseGate, type DatabaseGate } from './database-gate';
import { ownDatabase } from './own-database';

/** Nobody answers at this address. */
const NO_PROVIDER = 'http://127.0.0.1:9';
const READY_WITHIN_MS = 10_000;
const STOPS_WITHIN_MS = 10_000;
const COMES_BACK_WITHIN_MS = 40_000;

const Readiness = z.object({
  status: z.enum(['ready', 'not-ready']),
  database: z.object({ ok: z.boolean(), engine: z.string() }),
  stream: z.object({ state: z.string() }),
});

const envOf = (mongo: string, dataDir: string) =>
  hastyEnv({ providerUrl: NO_PROVIDER, mongo, dataDir });

async function readiness({ url }: ServiceProcess) {
  const answer = await fetch(`${url}/readyz`);
  return { httpStatus: answer.status, ...Readiness.parse(await answer.json()) };
}

let gate: DatabaseGate | null = null;

afterEach(async () => {
  await killServices();
  await gate?.close();
  gate = null;
});
afterAll(clearScratch);

describe('a start', () => {
  it('with faults in the environment lists all of them at once, and exits 78', async () => {
    const folder = scratchDir();
    const bad = {
      ...{ ADMIN_KEY: 'too short to be a key', SECRET_KEY: 'no-key', SETTLE_CRON: 'now and then' },
      ...{ MONGODB_URI: 'mongodb://ann:two@signs@127.0.0.1:9/none', GRACE_HOURS: 'three' },
      ...{ PROVIDER_URL: 'ftp://provider', PROVIDER_TOKEN: '' },
    };
    const service = launchService(
      { ...envOf('mongodb://127.0.0.1:9/none', folder), ...bad },
      folder,
    );
    expect(await service.ended).toEqual({ code: 78, signal: null });
    const complaint = service.complaint();
    for (const name of Object.keys(bad)) expect(complaint).toContain(`- ${name} `);
    expect(complaint).toContain(`${Object.keys(bad).length} settings are at fault`);
    expect(complaint).not.toContain(bad.ADMIN_KEY);
    expect(complaint).not.toContain(bad.SECRET_KEY);
    expect(complaint).not.toContain('two@signs');
    expect(service.lines).toEqual([]);
  });

  it('without any owner key, in the database or the environment, exits 78', async () => {
    const folder = scratchDir();
    const env = { ...envOf(ownDatabase(), folder), ADMIN_KEY: '' };
    const service = launchService(env, folder);
    expect(await service.ended).toEqual({ code: 78, signal: null });
    expect(service.complaint()).toContain('ADMIN_KEY');
  });

  it('that fails for a reason of its own tells it without a secret', async () => {
    const folder = scratchDir();
    const env = { ...hastyEnv({ providerUrl: NO_PROVIDER, mongo: null, dataDir: folder }) };
    const unusable = `/dev/null/${PROVIDER_TOKEN}`;
    const service = launchService({ ...env, DATA_DIR: unusable }, folder);
    expect(await service.ended).toEqual({ code: 1, signal: null });
    expect(service.complaint()).toContain('/dev/null/[secret]');
    expect(service.complaint()).not.toContain(PROVIDER_TOKEN);
  });

  it('is ready within 10 s although no provider answers, and tells no secret', async () => {
    const folder = scratchDir();
    const startedAt = Date.now();
    const service = await startService(envOf(ownDatabase(), folder), folder);
    await until('it is ready', async () => (await readiness(service)).httpStatus === 200);
    expect(Date.now() - startedAt).toBeLessThan(READY_WITHIN_MS);
    const { status, database, stream } = await readiness(service);
    expect([status, database.ok, stream.state === 'live']).toEqual(['ready', true, false]);
    expect(database.engine).not.toBe('');
    const numbers = await (await fetch(`${service.metricsUrl}/metrics`)).text();
    expect(numbers).toMatch(/^# HELP \w+ /m);
    expect((await fetch(`${service.url}/metrics`)).status).toBe(404);
    const said = JSON.stringify(service.lines) + service.complaint();
    for (const secret of [ADMIN_KEY, PROVIDER_TOKEN]) expect(said).not.toContain(secret);
  });
});

describe('a service whose database goes away', () => {
  it('lives, is not ready meanwhile, and is again when the database is back', async () => {
    const folder = scratchDir();
    gate = await startDatabaseGate(ownDatabase());
    const service = await startService(envOf(gate.uri, folder), folder);
    await until('it is ready', async () => (await readiness(service)).status === 'ready');
    gate.cut();
    await until('it is not ready', async () => (await readiness(service)).httpStatus === 503);
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
    const { status, database } = await readiness(service);
    expect([status, database.ok]).toEqual(['not-ready', false]);
    gate.open();
    const isBack = async (): Promise<boolean> => (await readiness(service)).status === 'ready';
    await until('it is ready again', isBack, COMES_BACK_WITHIN_MS);
    expect(service.isRunning()).toBe(true);
  }, 90_000);
});

describe.each(['SIGTERM', 'SIGINT'] as const)('a service that gets %s', (signal) => {
  it('ends within 10 s, in order, also while no provider answers', async () => {
    const folder = scratchDir();
    const service = await startService(envOf(ownDatabase(), folder), folder);
    const toldAt = Date.now();
    expect(await endService(service, signal)).toEqual({ code: 0, signal: null });
    expect(Date.now() - toldAt).toBeLessThan(STOPS_WITHIN_MS);
    expect(service.said('stopped')).toBeDefined();
    await expect(fetch(`${service.url}/healthz`)).rejects.toThrow();
  });
});
