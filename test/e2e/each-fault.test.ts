/** Each fault of the provider alone: what it does while payments go on, and what is left of it. */
import {
  brokenPromises,
  FAULTS_ALONE,
  type FaultAlone,
} from '../../scripts/rehearsal/faults-alone';
import { isLawful } from '../../scripts/rehearsal/judge';
import { rehearse, weaknesses, type Rehearsed } from '../../scripts/rehearsal/rehearse';
import { killServices } from '../../scripts/rehearsal/service-process';
import { inTurns } from '../../scripts/rehearsal/turns';
import { clearScratch, scratchDir } from '../support/scratch';
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

it.each(FAULTS_ALONE)(
  'when $title, the log tells of each payment once that it was credited',
  async (plan) => {
    const { lines, verdict } = await runs.of(plan);
    const paid = lines.filter(({ fact, kind }) => fact === 'entry made' && kind === 'paid');
    const told = paid.map(({ paymentId }) => paymentId);
    expect(told).toHaveLength(verdict.credited);
    expect(new Set(told).size).toBe(told.length);
  },
  WITHIN_MS,
);

const keepsPromises = async (plan: FaultAlone): Promise<void> =>
  expect(brokenPromises(plan, await runs.of(plan))).toEqual([]);

it.each(FAULTS_ALONE.filter(({ mends }) => mends === 'by-itself'))(
  'when $title, the provider is told the right time within a minute, without a sweep',
  keepsPromises,
  WITHIN_MS,
);

it.each(FAULTS_ALONE.filter(({ leaves }) => leaves === 'breaks'))(
  'when $title, a person finds each difference as an open break',
  keepsPromises,
  WITHIN_MS,
);

it.each(FAULTS_ALONE.filter(({ kept }) => kept !== undefined))(
  'once it is over that $title, a resync sets right what was left to a person',
  keepsPromises,
  WITHIN_MS,
);
