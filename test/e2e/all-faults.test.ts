/** All faults of the provider in one run, as three seeds draw them; `npm run soak` plays many. */
import { allFaults, drawFaults } from '../../scripts/rehearsal/all-faults';
import { brokenLaws, rehearse, weaknesses, type Rehearsed } from '../../scripts/rehearsal/rehearse';
import { killServices } from '../../scripts/rehearsal/service-process';
import { inTurns } from '../../scripts/rehearsal/turns';
import { faultsSchema } from '../../scripts/sim-provider/faults';
import { clearScratch, scratchDir } from '../support/scratch';
import { ownDatabase } from './own-database';

const WITHIN_MS = 300_000;
const RUNS = [1, 2, 3].map((seed) => ({ seed, plan: allFaults(seed) }));

const play = ({ seed, plan }: (typeof RUNS)[number]): Promise<Rehearsed> =>
  rehearse({ seed, mongo: ownDatabase(), folder: scratchDir() }, plan);

const runs = inTurns(RUNS.length, RUNS, play);

afterAll(async () => {
  await killServices();
  clearScratch();
});

describe.each(RUNS)('when everything fails at once, as seed $seed draws it', (run) => {
  it(
    'every payment is credited once, and nobody who has paid is shown as overdue',
    async () => {
      const end = await runs.of(run);
      expect(brokenLaws(end)).toEqual([]);
      expect(weaknesses(end)).toEqual([]);
      expect(end.ranOut.overdue).toBe(2);
    },
    WITHIN_MS,
  );
});

it('the seeds differ in whether the provider can be told an expiry in the end', () => {
  const kept = RUNS.map(({ plan }) => plan.kept !== undefined);
  expect(new Set(kept).size).toBe(2);
});

it('every fault that the simulator has comes in every run', () => {
  for (const { seed } of RUNS) {
    const drawn = new Set(drawFaults(seed).flatMap((set) => Object.keys(set)));
    expect(drawn).toEqual(new Set(Object.keys(faultsSchema.shape)));
  }
});
