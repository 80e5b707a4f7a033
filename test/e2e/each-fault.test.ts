/** Each fault of the provider alone: what it does while payments go on, and what is left of it. */
import { testDatabaseUri } from '../support/database';
import { clearScratch } from '../support/scratch';
import { openEstate } from './estate';
import { judgeEstate, playFaults, resync } from './fault-run';
import { FAULTS_ALONE, type FaultAlone } from './faults-alone';
import { isLawful } from './judge';
import { killServices } from './service-process';
import { ownDatabase } from './settings';
import { inTurns } from './turns';

/** Estates side by side; most of their time is spent waiting. */
const AT_ONCE = 4;
const SEED = 20_260_219;
const WITHIN_MS = 330_000;

const runs = inTurns(AT_ONCE, FAULTS_ALONE, play);

async function play(plan: FaultAlone) {
  const estate = await openEstate({ seed: SEED, mongo: ownDatabase(testDatabaseUri()) });
  try {
    const end = await playFaults(estate, plan);
    estate.sim.control.setFaults({});
    if (plan.kept !== undefined) await resync(estate);
    return { ...end, afterwards: await judgeEstate(estate) };
  } finally {
    await estate.close();
  }
}

afterAll(async () => {
  await killServices();
  clearScratch();
});

describe.each(FAULTS_ALONE)('while $title', (plan) => {
  it(
    'every payment is credited once, and nobody who has paid is shown as overdue',
    async () => {
      const { verdict, seen, ranOut, happened } = await runs.of(plan);
      expect(happened).toBe(true);
      expect(verdict.faults).toEqual([]);
      expect(isLawful(verdict)).toBe(true);
      expect(verdict.made).toBeGreaterThan(20);
      expect(Math.min(seen.byManager, seen.byBoxes)).toBeGreaterThan(5);
      expect(ranOut.overdue).toBe(ranOut.rentals);
    },
    WITHIN_MS,
  );
});

it.each(FAULTS_ALONE.filter(({ mends }) => mends === 'by-itself'))(
  'when $title, the provider is told the right time within a minute, without a sweep',
  async (plan) => {
    const { sweeps, verdict } = await runs.of(plan);
    expect({ sweeps, ...verdict }).toMatchObject({ sweeps: 0, wrongExpiriesLeft: 0 });
  },
  WITHIN_MS,
);

it.each(FAULTS_ALONE.filter(({ leaves }) => leaves === 'breaks'))(
  'when $title, a person finds each difference as an open break',
  async (plan) => {
    const { verdict } = await runs.of(plan);
    expect(verdict.wrongExpiriesLeft).toBe(0);
    expect(verdict.leftToPeople).toBeGreaterThan(0);
  },
  WITHIN_MS,
);

it.each(FAULTS_ALONE.filter(({ kept }) => kept !== undefined))(
  'once it is over that $title, a resync sets right what was left to a person',
  async (plan) => {
    const { afterwards } = await runs.of(plan);
    expect(afterwards).toMatchObject({ wrongExpiriesLeft: 0, leftToPeople: 0 });
  },
  WITHIN_MS,
);
