/** A settle that was held up acts on old news, and whoever brought the newer news has gone home. */
import { START } from '../support/estate';
import { takeIn, type Fact } from './facts';
import type { Gate } from './gates';
import { brokenLaws, netByKind, readAll } from './laws-kept';
import { factsOf, reportIdOf, txIdOf, type Plan } from './payment-plans';
import { createWorld } from './world';

/** Paid, a part given back by the box, and then reversed by the provider. */
const PLAN: Plan = {
  ...{ n: 1, payer: 1, amount: 350, paidAt: START, isTimeKnown: true, tenant: null },
  words: [
    { streamRank: 1, version: 1, state: 'completed', bonusS: null },
    { streamRank: 1, version: 2, state: 'reversed', bonusS: null },
  ],
  report: { skewS: 0, ref: 'at-once', returned: 'a-part' },
};

/** Stops at the first step of this name until it is let go. */
function heldAt(call: string) {
  let letGo = (): void => undefined;
  let arrive = (): void => undefined;
  const isLetGo = new Promise<void>((resolve) => (letGo = resolve));
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const gate: Gate = async (step, run) => {
    if (step.call === call) {
      arrive();
      await isLetGo;
    }
    return run();
  };
  return { gate, arrived, letGo: () => letGo() };
}

describe('a settle that was held up between reading a payment and its entries', () => {
  it('leaves a payment reversed that the provider has reversed meanwhile', async () => {
    const world = await createWorld();
    const [completed, reversed, report, returned] = factsOf([PLAN]) as [Fact, Fact, Fact, Fact];
    await takeIn(world.process(), [completed, report]);
    const { gate, arrived, letGo } = heldAt('entries.ofPayments');
    const slow = takeIn(world.process(gate), [returned]);
    await arrived;
    await takeIn(world.process(), [reversed]);
    letGo();
    await slow;
    const stored = await readAll(world, {
      ...{ txIds: [txIdOf(PLAN)], reportIds: [reportIdOf(PLAN)] },
    });
    expect(netByKind(stored.entries)).toEqual({});
    expect(brokenLaws(stored)).toEqual([]);
  });
});
