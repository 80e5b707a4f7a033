/** The three incidents that the product exists for, replayed on the real parts. */
import { isLawful } from '../../scripts/rehearsal/judge';
import { openEstate, type Estate } from '../../scripts/rehearsal/estate';
import { killServices } from '../../scripts/rehearsal/service-process';
import { inTurns } from '../../scripts/rehearsal/turns';
import { clearScratch, scratchDir } from '../support/scratch';
import { startDatabaseGate } from './database-gate';
import { ownDatabase } from './own-database';
import { playScenario, type Played } from './play-scenario';
import { readScenario, type Scenario } from './scenario';

const WITHIN_MS = 300_000;
const SEED = 20_220_214;

const SCENARIOS = [
  readScenario('feb-19-payments-stall'),
  readScenario('feb-14-overdue-reset'),
  readScenario('jan-10-unsaved-payments'),
];

interface Replayed extends Played {
  /** Transactions of the gap whose credit does not name them. */
  readonly withoutReference: readonly string[];
}

async function replay(scenario: Scenario): Promise<Replayed> {
  const gate = await startDatabaseGate(ownDatabase());
  const estate = await openEstate({ seed: SEED, mongo: gate.uri, folder: scratchDir() });
  try {
    const played = await playScenario(estate, scenario, gate);
    return { ...played, withoutReference: await withoutReference(estate, played) };
  } finally {
    await estate.close();
    await gate.close();
  }
}

async function withoutReference({ admin }: Estate, { unsaved }: Played): Promise<string[]> {
  const wrong: string[] = [];
  for (const { txId } of unsaved) {
    const payment = await admin.payment(txId);
    const rental =
      payment?.rentalId === null || payment === null ? null : await admin.rental(payment.rentalId);
    const entry = rental?.ledger.find(({ id }) => id === payment?.entryId);
    if (payment?.state !== 'credited' || entry?.paymentId !== `tx:${txId}`) wrong.push(txId);
  }
  return wrong;
}

const runs = inTurns(SCENARIOS.length, SCENARIOS, replay);

afterAll(async () => {
  await killServices();
  clearScratch();
});

describe.each(SCENARIOS)('$title, on $date', (scenario) => {
  it(
    'loses no payment, counts none twice, and shows nobody as overdue who has paid',
    async () => {
      const { verdict, ranOut } = (await runs.of(scenario)).end;
      const { lostPayments, doubleCredits, overdueWhilePaid = 0 } = scenario.expect;
      expect(verdict.faults).toEqual([]);
      expect(isLawful(verdict)).toBe(true);
      expect(verdict).toMatchObject({
        ...{ lost: lostPayments, twice: doubleCredits, everOverdueWhilePaid: overdueWhilePaid },
      });
      expect(verdict.made).toBeGreaterThan(100);
      expect(ranOut.others).toEqual([]);
    },
    WITHIN_MS,
  );
});

it.each(SCENARIOS.filter(({ expect: { drainedBetween } }) => drainedBetween !== undefined))(
  '$title: what waited is completed when the provider drains, and credited by the all-clear',
  async (scenario) => {
    const { backlog, drainedAt, creditedAt } = await runs.of(scenario);
    const [from, until] = scenario.expect.drainedBetween!;
    expect(backlog).toBeGreaterThan(20);
    expect(drainedAt).toBeGreaterThanOrEqual(from);
    expect(drainedAt).toBeLessThanOrEqual(until);
    expect(creditedAt).toBeGreaterThanOrEqual(from);
    expect(creditedAt).toBeLessThanOrEqual(scenario.steps.at(-1)!.at);
  },
  WITHIN_MS,
);

it.each(SCENARIOS.filter(({ expect: { wronglyOverdueRepaired } }) => wronglyOverdueRepaired))(
  '$title: all of them are set right at the provider',
  async (scenario) => {
    const { reset, end } = await runs.of(scenario);
    expect(reset.size).toBeGreaterThan(1);
    expect(end.verdict).toMatchObject({ wrongExpiriesLeft: 0, leftToPeople: 0 });
  },
  WITHIN_MS,
);

it.each(SCENARIOS.filter(({ expect: { creditedWithReference } }) => creditedWithReference))(
  '$title: each is credited under the provider’s own reference',
  async (scenario) => {
    const { unsaved, withoutReference: wrong } = await runs.of(scenario);
    expect(unsaved.length).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  },
  WITHIN_MS,
);
