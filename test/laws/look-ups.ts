/** Lets days pass over unresolved payments; the provider answers, knows nothing or is away. */
import type { TransactionWord } from '../../src/domain/payments/transaction';
import { lookUpPayments } from '../../src/flows/upstream/look-up-payments';
import { createFakeAsideStore } from '../support/fakes/aside-store';
import { createFakeFollowerStore } from '../support/fakes/follower-store';
import { FakeProvider } from '../support/fakes/provider';
import { createFakeUnitStore } from '../support/fakes/unit-store';
import type { World } from './world';

export interface Watch {
  /** What the provider answers; without a word in it, it knows no payment. */
  readonly provider: FakeProvider;
  /** Moves time on by `ms`, and looks up whatever falls due on the way. */
  pass(ms: number): Promise<void>;
  /** Look-ups that were due within the passed time. */
  sweeps(): number;
}

export async function watch(world: World): Promise<Watch> {
  const provider = new FakeProvider({ now: () => world.clock.now() });
  const follower = createFakeFollowerStore();
  // Words of a look-up count under the numbering that the stream has now: the first.
  await follower.write({ streams: [provider.streamId], seq: 0, horizon: null }, 1);
  const more = { follower, asides: createFakeAsideStore(), units: createFakeUnitStore() };
  const deps = { ...world.process(), ...more, provider: provider.api };
  let sweeps = 0;
  const sweepOnce = async (): Promise<void> => {
    const now = world.clock.now();
    const transactions = await deps.transactions.due(now, 200);
    const reports = await deps.reports.due(now, 200);
    if (transactions.length + reports.length === 0) return;
    sweeps += 1;
    await lookUpPayments(deps, { transactions, reports });
  };
  return {
    provider,
    sweeps: () => sweeps,
    async pass(ms) {
      const end = world.clock.now() + ms;
      while (world.clock.now() < end) {
        await sweepOnce();
        // The sweep of each minute, when there is something for it to do; never past the end.
        await world.clock.advance(Math.min(5 * 60_000, end - world.clock.now()));
      }
      await sweepOnce();
    },
  };
}

/** The provider knows this transaction from now on, as the statement says. */
export function knows(provider: FakeProvider, word: TransactionWord): void {
  provider.transactions.set(word.txId, word);
}
