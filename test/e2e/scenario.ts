/** The three incidents as they are written down: their steps in order, and what must hold. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { faultsSchema } from '../../scripts/sim-provider/faults';

/** Minutes since midnight. */
const clock = z
  .string()
  .regex(/^\d\d:\d\d$/)
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

const Step = z.strictObject({
  at: clock,
  /** What somebody does or says; it changes nothing for the parts. */
  person: z.string().optional(),
  provider: z.string().optional(),
  service: z
    .enum(['saves fail', 'maintenance mode', 'back, and catches up from the provider'])
    .optional(),
  effect: z.string().optional(),
  assumed: z.boolean().optional(),
  faults: faultsSchema.optional(),
});

const Scenario = z.strictObject({
  title: z.string(),
  timeZone: z.string(),
  date: z.iso.date(),
  expect: z.strictObject({
    lostPayments: z.literal(0),
    doubleCredits: z.literal(0),
    overdueWhilePaid: z.literal(0).optional(),
    wronglyOverdueRepaired: z.literal('all').optional(),
    creditedWithReference: z.literal('all').optional(),
    drainedBetween: z.tuple([clock, clock]).optional(),
    /** NOTE: nothing records incidents yet, so nobody can be asked when one was opened. */
    incidentOpensBefore: clock.optional(),
  }),
  steps: z.array(Step).min(1),
  note: z.string(),
  yearAssumed: z.boolean().optional(),
});

export type Scenario = z.output<typeof Scenario>;
export type ScenarioStep = z.output<typeof Step>;

const FOLDER = join(__dirname, '..', 'scenarios');

/** @param name of the file, without its ending. */
export function readScenario(name: string): Scenario {
  return Scenario.parse(JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')));
}
