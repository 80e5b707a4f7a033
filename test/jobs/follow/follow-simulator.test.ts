/** Followers on real sockets, against the provider simulator and with the real client. */
import type { FaultSet } from '../../../scripts/sim-provider/faults';
import { startSimProvider, type SimProvider } from '../../../scripts/sim-provider/server';
import { foldStatements } from '../../../src/domain/payments/statements';
import { parseTxId } from '../../../src/domain/ids';
import { START, rentalOf } from '../../support/estate';
import { createScaledClock } from '../../support/scaled-clock';
import { until } from '../../../scripts/rehearsal/until';
import { openSimWorld, type SimWorld } from './sim-world';

const FACTOR = 10;
const TOKEN = 'sim-token';
const AGENT = '11111111-1111-4111-8111-111111111111';

let sim: SimProvider;
let world: SimWorld;

async function open(seed: number): Promise<void> {
  const clock = createScaledClock(FACTOR, START);
  sim = await startSimProvider({
    ...{ host: '127.0.0.1', port: 0, token: TOKEN, seed, heartbeatMs: 2_000, clock },
    processingMs: 200,
  });
  for (let n = 1; n <= 12; n += 1) sim.control.addUnit({ id: `unit-${n}` });
  world = openSimWorld({ clock, url: sim.url, token: TOKEN, sim: sim.control });
  await world.stores.rentals.save([1, 2, 3, 4, 5, 6].map((n) => rentalOf(n)));
}

afterEach(async () => {
  await world.stop();
  await sim.close();
});

/** Payments all along, until `ms` of the provider's time have passed. */
async function payFor(ms: number): Promise<void> {
  const end = world.clock.now() + ms;
  for (let n = 0; world.clock.now() < end; n += 1) {
    sim.control.pay({ unit: `unit-${(n % 12) + 1}`, payer: AGENT, amount: 100 + n });
    await new Promise<void>((resolve) => world.clock.after(250, resolve));
  }
}

/** What the provider has and the store has not, in its latest version and state. */
function unstored(): string[] {
  const kept = new Map(world.stores.transactions.all().map((tx) => [tx.txId, tx]));
  return [...sim.control.transactions()].flatMap(({ id, version, state }) => {
    const tx = kept.get(parseTxId(id));
    const highest = tx === undefined ? null : foldStatements(tx.statements).highest;
    return highest?.version === version && highest.state === state ? [] : [`${id} v${version}`];
  });
}

async function settled(): Promise<void> {
  sim.control.setFaults({ drain: true });
  await until('all that the provider has is stored', () => unstored().length === 0, 25_000);
  await until('the horizon is near', async () => {
    const { horizon } = await world.stores.follower.read();
    return horizon !== null && world.clock.now() - horizon < 15_000;
  });
  expect(world.overclaimed()).toEqual([]);
  expect(world.log.facts('error')).toEqual([]);
}

const FAULTS: readonly { readonly title: string; readonly faults: FaultSet }[] = [
  {
    title: 'frames are repeated and change places',
    faults: { duplicateRate: 0.3, reorderWindow: 9 },
  },
  { title: 'events are never sent', faults: { skipRate: 0.2 } },
  { title: 'frames are garbage', faults: { garbageRate: 0.2 } },
  { title: 'the link is dropped', faults: { dropStream: true } },
  { title: 'the stream goes silent with its socket open', faults: { silentStream: true } },
  { title: 'the stream is refused', faults: { refuseStream: true } },
  { title: 'numbering starts anew', faults: { newStreamId: true } },
  { title: 'a backup is restored', faults: { restoreBackup: true } },
  { title: 'REST fails while events are missing', faults: { skipRate: 0.2, restErrorRate: 0.5 } },
];

describe('following the simulator', () => {
  it.each(FAULTS)(
    'stores everything although $title',
    async ({ faults }) => {
      await open(7);
      world.start('a');
      await payFor(6_000);
      sim.control.setFaults(faults);
      await payFor(12_000);
      await settled();
      expect(world.asidesFrom('lookup')).toBe(0);
    },
    60_000,
  );

  it('credits each payment once while everything fails at once and the leader dies', async () => {
    await open(11);
    const a = world.start('a');
    world.start('b');
    await payFor(5_000);
    sim.control.setFaults({
      ...{ duplicateRate: 0.2, reorderWindow: 5, skipRate: 0.1, garbageRate: 0.1 },
      ...{ restErrorRate: 0.2, failRate: 0.2, suspendRate: 0.1 },
    });
    await payFor(10_000);
    a.kill();
    sim.control.setFaults({ newStreamId: true, skipRate: 0.1, restErrorRate: 0.2 });
    await payFor(15_000);
    await settled();
    const paid = world.stores.entries.all().filter(({ kind }) => kind === 'paid');
    const ours = [...sim.control.transactions()].filter(
      ({ unit, state }) => state === 'completed' && Number(unit.slice(5)) <= 6,
    );
    expect(paid.map(({ source }) => source).sort()).toEqual(
      ours.map(({ id }) => `tx:${id}`).sort(),
    );
  }, 60_000);
});
