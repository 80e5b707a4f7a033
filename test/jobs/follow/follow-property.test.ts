/** The law of following, whatever befalls it: nothing is lost, nothing overclaimed. */
import fc from 'fast-check';
import { createFollowWorld } from './follow-world';
import { mishaps, Rehearsal, unstored, type Mishap } from './follow-mishaps';

const RUNS = Number(process.env['FOLLOW_RUNS'] ?? 150);

/** Plays a history; the horizon is checked against what is stored each time it is written. */
async function rehearse(history: readonly Mishap[], takeMs: number): Promise<Rehearsal> {
  const overclaimed: string[] = [];
  const world = createFollowWorld({
    ...{ pageSize: 3, takeMs },
    checkPlace: ({ horizon }) => {
      if (horizon === null) return;
      overclaimed.push(...unstored(world, (updatedAt) => updatedAt < horizon));
    },
  });
  const rehearsal = new Rehearsal(world);
  rehearsal.start();
  for (const mishap of history) await rehearsal.play(mishap);
  await rehearsal.recover();
  expect([...new Set(overclaimed)]).toEqual([]);
  return rehearsal;
}

describe('whatever is lost, repeated, reordered or cut, and whichever process dies', () => {
  it('all that the provider says ends up stored, and the horizon claims no more', async () => {
    await fc.assert(
      fc.asyncProperty(mishaps, fc.constantFrom(0, 40, 900), async (history, takeMs) => {
        const { world, processes } = await rehearse(history, takeMs);
        expect(unstored(world, () => true)).toEqual([]);
        const { seq, horizon, streams } = await world.follower.read();
        expect(streams.at(-1)).toBe(world.provider.streamId);
        expect(seq).toBe(world.provider.seq);
        expect(world.clock.now() - horizon!).toBeLessThanOrEqual(5_000);
        expect(processes.map((one) => one.openLinks()).reduce((a, b) => a + b)).toBe(1);
        const faults = processes.flatMap(({ log }) => log.lines.filter(isFault));
        expect(faults).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 600_000);
});

const isFault = ({ level }: { readonly level: string }): boolean => level === 'error';
