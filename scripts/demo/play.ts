/** One run from an empty folder to the verdict; what it starts is entered among the belongings. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { instant } from '../../src/domain/time';
import { startSimProvider, type SimProvider } from '../sim-provider/server';
import { createAdminClient, type AdminClient } from './admin-client';
import type { Belongings } from './belongings';
import { asProviderUnit, demoEstate, RENTALS, type DemoUnit } from './estate';
import type { RunFolder } from './folder';
import { pause, until } from './pause';
import { drain, ordinaryDays, reset, stall } from './phases';
import { planPayments } from './plan';
import { startRegion, type Region } from './region';
import type { Screen } from './screen';
import { startService, type RunningService } from './service';
import { reachVerdict, type Verdict } from './verdict';
import { startWatcher } from './watcher';

export interface PlayOptions {
  readonly seed: number;
  readonly screen: Screen;
  readonly folder: RunFolder;
  readonly belongings: Belongings;
  readonly signal: AbortSignal;
  /** Told when something that the play stands on has broken down. */
  readonly onFault: (fault: Error) => void;
}

export interface Played {
  readonly verdict: Verdict;
  readonly service: RunningService;
  readonly provider: SimProvider;
}

/** Compressed times: what takes the estate minutes and hours takes seconds here. */
const SETTINGS = {
  GRACE_HOURS: (3 / 3_600).toFixed(9),
  LOOKUP_MINUTES: '0.05,0.1,0.2',
  SETTLE_CRON: '*/2 * * * * *',
};
const HEARTBEAT_MS = 1_000;
const PROCESSING_MS = 800;
const REPOSITORY = resolve(__dirname, '..', '..');

/** @throws the signal's reason when it aborts, or what kept a part from starting. */
export async function play(options: PlayOptions): Promise<Played> {
  const { seed, screen, signal, belongings } = options;
  screen.title('Starting');
  const { provider, service } = await startPrograms(options);
  const admin = createAdminClient({ url: service.url, key: service.adminKey });
  const estate = demoEstate(seed);
  const region = await letEstate(options, { provider, service, admin, estate });
  const { control } = provider;
  const watcher = startWatcher({ admin, provider: control, region, onFault: options.onFault });
  belongings.add('the watcher', () => watcher.stop());
  const plan = planPayments(seed, estate);
  const stage = { screen, provider: control, region, admin, watcher, plan, signal };
  for (const phase of [ordinaryDays, stall, drain, reset]) await phase(stage);
  await until(() => region.state().waiting === 0, { withinMs: 10_000, signal });
  const verdict = await reachVerdict({ admin, provider: control, region, watcher });
  return { verdict, service, provider };
}

async function startPrograms(
  options: PlayOptions,
): Promise<{ readonly provider: SimProvider; readonly service: RunningService }> {
  const { seed, screen, folder, belongings, signal } = options;
  const token = randomBytes(24).toString('base64url');
  const provider = await startSimProvider({
    ...{ host: '127.0.0.1', port: 0, token, seed },
    ...{ heartbeatMs: HEARTBEAT_MS, processingMs: PROCESSING_MS },
  });
  belongings.add('the provider simulator', () => provider.close());
  screen.say('The rental provider is here (simulated).');
  const child = await startService({
    ...{ repository: REPOSITORY, folder, provider: { url: provider.url, token } },
    ...{ settings: SETTINGS, signal, onEnd: options.onFault },
    onFetch: () => screen.say(FETCHING),
  });
  belongings.add('the service', () => child.stop());
  const service = await child.ready();
  const { database } = await createAdminClient({
    url: service.url,
    key: service.adminKey,
  }).readiness();
  screen.say(`The service is here. Its database: ${database.engine.split(' (')[0]}.`);
  return { provider, service };
}

const FETCHING = 'A database engine is fetched. This is done once and may take a minute.';

/** The provider's rentals are taken over, and each gets its box. */
async function letEstate(
  { seed, screen, belongings, signal }: PlayOptions,
  given: {
    readonly provider: SimProvider;
    readonly service: RunningService;
    readonly admin: AdminClient;
    readonly estate: readonly DemoUnit[];
  },
): Promise<Region> {
  const { provider, service, admin, estate } = given;
  await streamIsLive(admin, signal);
  const now = instant(Date.now());
  for (const unit of estate) provider.control.addUnit(asProviderUnit(unit, now));
  const { added } = await admin.importUnits();
  if (added !== RENTALS) throw new Error(`Only ${added} of ${RENTALS} rentals were taken over.`);
  const rentals = new Map((await admin.rentals()).map(({ unitId, id }) => [unitId, id]));
  const places = await Promise.all(
    estate.map(async (unit) => {
      const { pairingCode } = await admin.addBox(rentals.get(unit.id) ?? '');
      return { unit, pairingCode };
    }),
  );
  const region = startRegion({
    ...{ serviceUrl: service.url, provider: provider.control, seed, places },
  });
  belongings.add('the region', () => region.stop());
  const arePaired = (): boolean => region.state().paired === RENTALS;
  if (!(await until(arePaired, { withinMs: 20_000, signal }))) {
    throw new Error(`Only ${region.state().paired} of ${RENTALS} boxes could be paired.`);
  }
  screen.say(`${RENTALS} rentals are let, and each has its paired box.`);
  return region;
}

async function streamIsLive(admin: AdminClient, signal: AbortSignal): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await admin.readiness()).stream.state === 'live') return;
    await pause(100, signal);
  }
  throw new Error('The service does not hear the provider.');
}
