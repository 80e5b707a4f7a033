/** What every LeaseStore keeps to, whatever it keeps its rows in. */
import type { LeaseStore } from '../../src/flows/ports/upkeep-ports';

const LONG_MS = 60_000;
const SHORT_MS = 30;
const PATIENCE_MS = 10_000;

export function leaseStoreContract(create: () => Promise<LeaseStore>): void {
  let store: LeaseStore;
  const fenceOf = async (holder: string, forMs: number, name = 'follow'): Promise<number | null> =>
    (await store.take(name, holder, forMs))?.fence ?? null;
  /** Takes the lease as soon as it can be had. */
  const takenInTime = async (holder: string): Promise<number> => {
    const end = Date.now() + PATIENCE_MS;
    while (Date.now() < end) {
      const fence = await fenceOf(holder, LONG_MS);
      if (fence !== null) return fence;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    throw new Error('The lease did not become free.');
  };
  beforeEach(async () => {
    store = await create();
  });

  describe('a lease', () => {
    it('gives a lease to one holder while it runs', async () => {
      const first = await fenceOf('a', LONG_MS);
      expect(first).toBeGreaterThanOrEqual(1);
      expect(await fenceOf('b', LONG_MS)).toBeNull();
    });

    it('renews for its holder under the same number', async () => {
      const first = await fenceOf('$a', LONG_MS);
      expect(await fenceOf('$a', LONG_MS)).toBe(first);
      expect(await fenceOf('b', LONG_MS)).toBeNull();
    });

    it('moves the end on with each renewal', async () => {
      const first = await fenceOf('a', SHORT_MS);
      expect(await fenceOf('a', LONG_MS)).not.toBeNull();
      const start = Date.now();
      while (Date.now() < start + 2 * SHORT_MS) expect(await fenceOf('b', LONG_MS)).toBeNull();
      expect(await fenceOf('a', LONG_MS)).toBeGreaterThanOrEqual(first ?? Infinity);
    });

    it('keeps leases of different names apart', async () => {
      expect(await fenceOf('a', LONG_MS, 'follow')).not.toBeNull();
      expect(await fenceOf('b', LONG_MS, 'settle')).not.toBeNull();
      expect(await fenceOf('b', LONG_MS, 'follow')).toBeNull();
    });

    it('is free once its holder gives it back, under a higher number', async () => {
      const first = (await fenceOf('a', LONG_MS)) ?? Infinity;
      await store.release('follow', 'a');
      const second = await fenceOf('b', LONG_MS);
      expect(second).toBeGreaterThan(first);
      await store.release('follow', 'b');
      expect(await fenceOf('b', LONG_MS)).toBeGreaterThan(second ?? Infinity);
    });

    it('cannot be given back by another', async () => {
      await store.release('follow', 'b');
      await fenceOf('a', LONG_MS);
      await store.release('follow', 'b');
      expect(await fenceOf('b', LONG_MS)).toBeNull();
    });

    it('is free once it has run out, under a higher number', async () => {
      const first = (await fenceOf('a', SHORT_MS)) ?? Infinity;
      const second = await takenInTime('b');
      expect(second).toBeGreaterThan(first);
      expect(await fenceOf('a', LONG_MS)).toBeNull();
      await store.release('follow', 'a');
      expect(await fenceOf('a', LONG_MS)).toBeNull();
    });

    it('goes to one of twenty that ask for it at once, new, given back or run out', async () => {
      const race = (): Promise<(number | null)[]> =>
        Promise.all(Array.from({ length: 20 }, (_, n) => fenceOf(`holder ${n}`, LONG_MS)));
      const winnerOf = (fences: (number | null)[]): { holder: string; fence: number } => {
        const won = fences.flatMap((fence, n) => (fence === null ? [] : { fence, n }));
        expect(won).toHaveLength(1);
        return { holder: `holder ${won[0]!.n}`, fence: won[0]!.fence };
      };
      const first = winnerOf(await race());
      await store.release('follow', first.holder);
      const second = winnerOf(await race());
      expect(second.fence).toBe(first.fence + 1);
      await store.take('follow', second.holder, 0);
      const third = winnerOf(await race());
      expect(third.fence).toBe(second.fence + 1);
    });
  });
}
