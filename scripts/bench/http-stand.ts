/** The service, a bare server and a load generator over one estate, for the figures over HTTP. */
import { randomBytes } from 'node:crypto';
import { instant } from '../../src/domain/time';
import { boxOf, agentOf, letRental, unitIdOf, WEEKLY } from './estate';
import type { Ground, GroundDatabase } from './ground';
import type { BareCalls } from './programs/bare';
import type { LoadCalls, Slice } from './programs/load';
import type { ProviderCalls } from './programs/provider';
import type { ServiceCalls } from './programs/service';
import { seedBoxes, seedRentals } from './seed';
import type { BoxCallName } from './signed-requests';
import { serviceEnvironment } from './service-environment';

export interface HttpStand {
  readonly database: GroundDatabase;
  slice(call: BoxCallName, to: 'service' | 'bare', count: number): Promise<Slice>;
  close(): Promise<void>;
}

const BOXES = 2_000;
export const CONNECTIONS = 50;
/** How long a paid-up rental is paid for. */
const PAID_MS = 20 * 86_400_000;

export async function openHttpStand(ground: Ground): Promise<HttpStand> {
  const database = await ground.openDatabase();
  ground.note(`  seeding ${BOXES} rentals with their boxes`);
  await seed(database);
  const token = randomBytes(24).toString('base64url');
  const provider = ground.start<ProviderCalls>('provider');
  const { url } = await provider.ask('start', { token, units: 0, processingMs: 20 });
  const service = ground.start<ServiceCalls>('service');
  const environment = serviceEnvironment(ground, { url, token });
  const { httpPort } = await service.ask('start', { environment, database: database.name });
  const bare = ground.start<BareCalls>('bare');
  const { port } = await bare.ask('start', { uri: ground.engine.uri, database: database.name });
  const load = ground.start<LoadCalls>('load');
  return {
    database,
    slice: (call, to, count) =>
      load.ask('slice', {
        ...{ call, to, count, boxes: BOXES, connections: CONNECTIONS },
        port: to === 'service' ? httpPort : port,
      }),
    async close() {
      await Promise.all([load.stop(), bare.stop(), service.stop()]);
      await provider.stop();
      await database.drop();
    },
  };
}

async function seed({ stores }: GroundDatabase): Promise<void> {
  const now = instant(Date.now());
  const rentedUntil = instant(now + PAID_MS);
  const numbers = Array.from({ length: BOXES }, (_, i) => i + 1);
  const rows = numbers.map((n) => {
    const unit = { id: unitIdOf(n), version: 1, tenant: agentOf(n), rentedUntil, price: WEEKLY };
    return letRental(n, unit, now);
  });
  await seedRentals(stores, rows);
  await seedBoxes(
    stores,
    numbers.map((n) => boxOf(n, now)),
  );
}
