/**
 * What becomes of payments when the database is killed, and of accepted calls when a service ends.
 */
import { enginePid } from '../support/embedded-engine';
import { clearScratch, scratchDir } from '../support/scratch';
import { until } from '../../scripts/rehearsal/until';
import { startDatabaseGate, type DatabaseGate } from './database-gate';
import { openEstate, type Estate } from '../../scripts/rehearsal/estate';
import { closeRun, lift } from '../../scripts/rehearsal/play-faults';
import { killServices } from '../../scripts/rehearsal/service-process';
import type { Parcel } from '../../scripts/rehearsal/tenants';
import { newReport, sayPayment } from './say-payment';
import { ownDatabase } from './own-database';

const PARCELS = { long: 3, brink: 1, vacant: 1, 'by-itself': 2 };
const RETRY_SCALE = 0.004;
const STOPS_WITHIN_MS = 10_000;

let estate: Estate;
let gate: DatabaseGate | null = null;

afterEach(async () => {
  await estate.close();
  await gate?.close();
  gate = null;
});
afterAll(async () => {
  await killServices();
  clearScratch();
});

const withoutProvider = (): Parcel => estate.parcels.find(({ way }) => way === 'by-itself')!;

describe('a database engine that is killed', () => {
  it('makes boxes wait, and the service goes on by itself when it is back', async () => {
    estate = await openEstate({
      ...{ seed: 8, mongo: null, folder: scratchDir() },
      ...{ parcels: PARCELS, retryScale: RETRY_SCALE },
    });
    const { tenants, services, env } = estate;
    const [service] = services();
    const report = newReport(10);
    const say = () => sayPayment(withoutProvider(), report, service!.url);
    await tenants.payFor(1_000, 25);
    const busy = tenants.payFor(4_000, 25);
    await until('a box is told to wait', async () => {
      killEngine(env['DATA_DIR']!);
      const answer = await say();
      if (answer.kind === 'lost' || answer.status !== 503) return false;
      expect(answer.code).toBe('storage');
      expect(answer.retryS).toBeGreaterThan(0);
      return true;
    });
    await until('the payment is stored', async () => isStored(await say()), 30_000);
    await busy;
    await lift(estate);
    expect((await closeRun(estate, { said: [report.eventId] })).verdict.faults).toEqual([]);
    expect(services()).toEqual([service]);
  }, 240_000);
});

describe('a service that is told to stop', () => {
  it('answers what it has accepted, and ends within 10 s', async () => {
    gate = await startDatabaseGate(ownDatabase());
    estate = await openEstate({
      ...{ seed: 9, mongo: gate.uri, folder: scratchDir() },
      ...{ parcels: PARCELS, retryScale: RETRY_SCALE },
    });
    const { tenants, services, addService } = estate;
    const [service] = services();
    await tenants.payFor(1_000, 25);
    const reports = Array.from({ length: 10 }, (_, n) => newReport(n + 1));
    gate.hold();
    const saying = reports.map((report) => sayPayment(withoutProvider(), report, service!.url));
    await until('they wait for the database', () => gate!.waiting() > 0);
    // Calls are accepted in order: one that came after them shows that they have been.
    for (let calls = 0; calls < 2; calls += 1) await fetch(`${service!.url}/healthz`);
    const toldAt = Date.now();
    service!.signal('SIGTERM');
    await until('it is stopping', () => service!.said('stopping'));
    gate.open();
    const answers = await Promise.all(saying);
    expect(await service!.ended).toEqual({ code: 0, signal: null });
    expect(Date.now() - toldAt).toBeLessThan(STOPS_WITHIN_MS);
    expect(answers.filter(isStored)).toHaveLength(reports.length);
    await addService();
    await lift(estate);
    const said = reports.map(({ eventId }) => eventId);
    expect((await closeRun(estate, { said })).verdict.faults).toEqual([]);
  }, 180_000);
});

const isStored = (answer: Awaited<ReturnType<typeof sayPayment>>): boolean =>
  answer.kind === 'answer' && answer.status === 200;

/** The one that runs just now; between two of them there is none. */
function killEngine(dataDir: string): void {
  const pid = enginePid(dataDir);
  try {
    if (pid !== null) process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
