/** What becomes of payments when service processes are killed, one or one of two. */
import { clearScratch, scratchDir } from '../support/scratch';
import { until } from '../../scripts/rehearsal/until';
import { openEstate, type Estate, type EstateOptions } from '../../scripts/rehearsal/estate';
import { isLawful } from '../../scripts/rehearsal/judge';
import { closeRun, lift } from '../../scripts/rehearsal/play-faults';
import {
  endService,
  killServices,
  type ServiceProcess,
} from '../../scripts/rehearsal/service-process';
import { ownDatabase } from './own-database';

const FOLLOWS_WITHIN_MS = 15_000;
const PAYS_EVERY_MS = 25;

let estate: Estate;

/** Half of it has no provider to tell a payment again, so that what we lose is lost. */
async function open(options: Partial<EstateOptions>): Promise<Estate> {
  estate = await openEstate({
    ...{ seed: 7, mongo: ownDatabase(), folder: scratchDir(), retryScale: 0.004 },
    parcels: { long: 3, brink: 1, vacant: 1, 'by-itself': 3 },
    ...options,
  });
  return estate;
}

afterEach(() => estate.close());
afterAll(async () => {
  await killServices();
  clearScratch();
});

describe('a service that is killed', () => {
  it('loses no payment that a box was told is stored, and credits none twice', async () => {
    const { tenants, services, addService, acknowledged } = await open({});
    for (let kills = 0; kills < 3; kills += 1) {
      const busy = tenants.payFor(2_500, PAYS_EVERY_MS);
      const before = acknowledged().length;
      await until('payments are stored', () => acknowledged().length > before + 5);
      await endService(services()[0]!, 'SIGKILL');
      await addService();
      await busy;
    }
    await lift(estate);
    const { verdict, ranOut } = await closeRun(estate);
    expect(verdict.faults).toEqual([]);
    expect(isLawful(verdict)).toBe(true);
    expect(acknowledged().length).toBeGreaterThan(30);
    expect(ranOut.overdue).toBe(ranOut.rentals);
  }, 180_000);
});

describe('two services on one database', () => {
  it('settle the same payments at once and credit each of them once', async () => {
    const { tenants } = await open({ services: 2 });
    await tenants.payFor(3_000, PAYS_EVERY_MS);
    await lift(estate);
    expect((await closeRun(estate)).verdict.faults).toEqual([]);
  }, 180_000);

  it(
    'follow the stream one at a time, and the other goes on within 15 s when it is ' + 'killed',
    async () => {
      const { tenants, services, sim, admin } = await open({ services: 2 });
      const follows = (service: ServiceProcess): boolean =>
        service.said('following begun') !== undefined;
      expect(services().filter(follows)).toHaveLength(1);
      const leader = services().find(follows)!;
      const busy = tenants.payFor(5_000, PAYS_EVERY_MS);
      await endService(leader, 'SIGKILL');
      const unseen = [tenants.payUnseen(), tenants.payUnseen()];
      const [heir] = services();
      await until('the other follows', () => follows(heir!), FOLLOWS_WITHIN_MS);
      await busy;
      for (const txId of [...unseen, tenants.payUnseen()]) {
        await until(
          `${txId} is credited`,
          async () => (await admin.payment(txId))?.state === 'credited',
        );
      }
      expect(sim.control.state().counts.connections).toBe(1);
      await lift(estate);
      expect((await closeRun(estate)).verdict.faults).toEqual([]);
    },
    180_000,
  );
});
