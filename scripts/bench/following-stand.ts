/** The service following the real simulator over an estate in step with it; pays nothing itself. */
import { randomBytes, randomUUID } from 'node:crypto';
import { parseBoxId, parseEventId, reportId, type RentalId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import type { Report } from '../../src/domain/payments/report';
import { instant } from '../../src/domain/time';
import { agentOf, boxKeys, letRental, WEEKLY } from './estate';
import type { Ground, GroundDatabase } from './ground';
import type { Program } from './program';
import type { ProviderCalls, SimPayment } from './programs/provider';
import type { ServiceCalls } from './programs/service';
import { seedRentals } from './seed';
import { serviceEnvironment } from './service-environment';
import { unitPages } from './unit-pages';

export interface FollowingStand {
  readonly database: GroundDatabase;
  readonly service: Program<ServiceCalls>;
  readonly provider: Program<ProviderCalls>;
  /** A payment of its tenant for each unit, and what its box says of it. */
  payments(round: number, count: number): readonly Paid[];
  close(): Promise<void>;
}

export interface Paid {
  readonly payment: SimPayment;
  readonly report: Report;
}

export async function openFollowingStand(
  ground: Ground,
  input: { readonly rentals: number; readonly processingMs: number },
): Promise<FollowingStand> {
  const database = await ground.openDatabase();
  const token = randomBytes(24).toString('base64url');
  const provider = ground.start<ProviderCalls>('provider');
  const { processingMs } = input;
  const { url } = await provider.ask('start', { token, units: 0, processingMs });
  ground.note(`  seeding ${input.rentals} rentals`);
  await provider.ask('addUnits', letUnits(input.rentals));
  const rentals = await seed(database, { url, token });
  const service = ground.start<ServiceCalls>('service');
  const environment = serviceEnvironment(ground, { url, token });
  await service.ask('start', { environment, database: database.name });
  return {
    database,
    service,
    provider,
    payments: (round, count) =>
      Array.from({ length: count }, (_, i) => paidOf(rentals[i % rentals.length]!, { round, i })),
    async close() {
      await service.stop();
      await provider.stop();
      await database.drop();
    },
  };
}

const LET_MS = 20 * 86_400_000;

/** All let for as long, so that none runs out meanwhile. */
function letUnits(count: number) {
  const rentedUntil = instant(Date.now() + LET_MS);
  const { amount: price, term } = WEEKLY;
  return Array.from({ length: count }, (_, i) => ({
    ...{ tenant: agentOf(i + 1), rentedUntil, price, term },
  }));
}

interface Seeded {
  readonly n: number;
  readonly id: RentalId;
  readonly unitId: string;
}

async function seed(
  { stores }: GroundDatabase,
  provider: { readonly url: string; readonly token: string },
): Promise<Seeded[]> {
  const now = instant(Date.now());
  const seeded: Seeded[] = [];
  for await (const units of unitPages(provider)) {
    const rows = units.map((unit, i) => letRental(seeded.length + i + 1, unit, now));
    await seedRentals(stores, rows);
    for (const { rental } of rows) {
      seeded.push({ n: seeded.length + 1, id: rental.id, unitId: rental.unitId ?? '' });
    }
  }
  return seeded;
}

/**
 * Rounds differ in their amounts: equal payments of one tenant within the hour are looked at
 * together, which a round would else have more of than the one before it.
 */
function paidOf({ n, id, unitId }: Seeded, { round, i }: { round: number; i: number }): Paid {
  const payer = agentOf(n);
  const amount = lindens(WEEKLY.amount + round);
  const payment = { unit: unitId, payer, amount, txId: `tx-bench-${round}-${i}` };
  return { payment, report: reportOf({ n, rentalId: id, unitId, payer, amount }) };
}

/** As intake stores it. */
function reportOf(of: {
  readonly n: number;
  readonly rentalId: RentalId;
  readonly unitId: string;
  readonly payer: Report['payer'];
  readonly amount: Report['amount'];
}): Report {
  const now = instant(Date.now());
  const boxId = parseBoxId(boxKeys(of.n).id);
  const eventId = parseEventId(randomUUID());
  return {
    ...{ id: reportId(boxId, eventId), rev: 1, boxId, eventId, rentalId: of.rentalId },
    ...{ unitId: of.unitId as Report['unitId'], payer: of.payer, amount: of.amount },
    ...{ at: now, paidAt: now, receivedAt: now, nextCheckAt: now },
    ...{ ref: null, settledBy: null, takes: null, tenancyId: null, creditedBy: null },
    ...{ reversedByHand: null, breaks: [], refundedInFull: false, decision: null },
    ...{ fromRetiredBox: false, unknownUpstream: false, checks: 0 },
    steps: [{ code: 'reported', at: now }],
  };
}
