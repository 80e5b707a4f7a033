/** Resync against reading the same rows barely, and whether it stays flat in memory. */
import { randomBytes } from 'node:crypto';
import { instant } from '../../src/domain/time';
import { letRental } from './estate';
import { figureOf, interleaved, rounded, type Figure } from './figure';
import type { Ground } from './ground';
import type { Program } from './program';
import type { ProviderCalls } from './programs/provider';
import type { ResyncCalls } from './programs/resync';
import { seedRentals } from './seed';
import { serviceEnvironment } from './service-environment';
import { unitPages } from './unit-pages';

const SMALL = 10_000;
const LARGEST = { usual: 100_000, large: 1_000_000 } as const;
const MOST_GROWTH_MIB = 64;

export async function measureResync(
  ground: Ground,
  size: keyof typeof LARGEST,
): Promise<readonly Figure[]> {
  const rentals = LARGEST[size];
  const small = await withEstate(ground, SMALL, (stand) => peakMib(stand));
  ground.note(`  peak of ${rounded(small)} MiB over ${SMALL} rentals`);
  return withEstate(ground, rentals, async (stand) => {
    const large = await peakMib(stand);
    ground.note(`  peak of ${rounded(large)} MiB over ${rentals} rentals`);
    return [await speed(ground, stand), memory(small, large, rentals)];
  });
}

interface Stand {
  readonly rentals: number;
  /** A fresh process each time. */
  start(): Promise<Program<ResyncCalls>>;
}

/** Flat: what the largest estate takes more than a small one, in processes of their own. */
function memory(small: number, large: number, rentals: number): Figure {
  const growth = Math.max(0, large - small);
  return {
    figure: 'resync-memory',
    ratio: rounded(growth / MOST_GROWTH_MIB),
    mark: 1,
    reached: growth <= MOST_GROWTH_MIB,
    unit: 'MiB resident at the peak',
    ours: rounded(large),
    bare: rounded(small),
    rounds: [],
    against: `the peak over ${SMALL} rentals; the ratio is the growth to ${MOST_GROWTH_MIB} MiB`,
    beside: { rentals, growthMib: rounded(growth) },
  };
}

async function peakMib(stand: Stand): Promise<number> {
  const program = await stand.start();
  const { rssPeakMib } = await program.ask('resync', null);
  await program.stop();
  return rssPeakMib;
}

async function speed(ground: Ground, stand: Stand): Promise<Figure> {
  const program = await stand.start();
  const inTurn: number[] = [];
  const rounds = await interleaved({
    note: (text) => ground.note(`  ${text} rentals a second`),
    ours: async () => rate(await program.ask('resync', null)),
    bare: async () => {
      inTurn.push(rate(await program.ask('read', { how: 'in-turn' })));
      return rate(await program.ask('read', { how: 'together' }));
    },
  });
  await program.stop();
  return figureOf({
    figure: 'resync',
    mark: 0.5,
    unit: 'rentals a second',
    against: 'raw cursors over the same rentals and entries and a fetch of the same unit pages',
    rounds,
    beside: { rentals: stand.rentals, bareInTurn: rounded(Math.max(...inTurn.slice(1))) },
  });
}

const rate = (walked: { readonly rentals: number; readonly seconds: number }): number =>
  walked.rentals / walked.seconds;

async function withEstate<Result>(
  ground: Ground,
  rentals: number,
  work: (stand: Stand) => Promise<Result>,
): Promise<Result> {
  const database = await ground.openDatabase();
  const token = randomBytes(24).toString('base64url');
  const provider = ground.start<ProviderCalls>('provider');
  const { url } = await provider.ask('start', { token, units: rentals, processingMs: 20 });
  ground.note(`  seeding ${rentals} rentals`);
  const now = instant(Date.now());
  let n = 0;
  for await (const units of unitPages({ url, token })) {
    await seedRentals(
      database.stores,
      units.map((unit) => letRental((n += 1), unit, now)),
    );
  }
  const environment = serviceEnvironment(ground, { url, token });
  const result = await work({
    rentals,
    async start() {
      const program = ground.start<ResyncCalls>('resync');
      await program.ask('open', { environment, database: database.name });
      return program;
    },
  });
  await provider.stop();
  await database.drop();
  return result;
}
