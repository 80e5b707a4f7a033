/** Several processes on one estate, whose steps a scheduler puts in any order that can happen. */
import type fc from 'fast-check';
import type { Gate } from './gates';

/** Every call of a store waits for its turn. */
export const inTurn =
  (scheduler: fc.Scheduler, name: string): Gate =>
  async (step, run) => {
    await scheduler.schedule(Promise.resolve(), `${name}: ${step.call}`);
    return run();
  };

/** Runs all of them side by side until each has come to its end. */
export async function sideBySide(
  scheduler: fc.Scheduler,
  ...runs: readonly (() => Promise<unknown>)[]
): Promise<void> {
  await scheduler.waitFor(Promise.all(runs.map((run) => run())));
}
