/** Each fault of the provider alone: what it does while payments go on, and what is left of it. */
import { isLawful } from '../../scripts/rehearsal/judge';
import { rehearse, weaknesses, type Rehearsed } from '../../scripts/rehearsal/rehearse';
import { killServices } from '../../scripts/rehearsal/service-process';
import { inTurns } from '../../scripts/rehearsal/turns';
import { clearScratch, scratchDir } from '../support/scratch';
import { FAULTS_ALONE, type FaultAlone } from './faults-alone';
import { ownDatabase } from './own-database';

/** Estates side by side; most of their time is spent waiting. */
const AT_ONCE = 4;
const SEED = 20_260_219;
const WITHIN_MS = 330_000;

const play = (plan: FaultAlone): Promise<Rehearsed> =>
  rehearse({ seed: SEED, mongo: ownDatabase(), folder: scratchDir() }, plan);

const runs = inTurns(AT_ONCE, FAULTS_ALONE, play);

afterAll(async () => {
  await killServices();
  clearScratch();
});

describe.each(FAULTS_ALONE)('while $title', (plan) => {
  it(
    'every payment is credited once, and nobody who has paid is shown as overdue',
    async () => {
      const run = await runs.of(plan);
      const { verdict, ranOut } = run;
      expect(weaknesses(run)).toEqual([]);
      expect(verdict.faults).toEqual([]);
      expect(isLawful(verdict)).toBe(true);
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
