/** What every FollowerStore keeps to, whatever it keeps its rows in. */
import type { StreamId } from '../../src/domain/ids';
import type { Instant } from '../../src/domain/time';
import type { FollowerState, FollowerStore } from '../../src/flows/ports/upkeep-ports';
import { shuffled } from './walk';

const place = (seq: number): FollowerState => ({
  streams: ['$1', 'stream-b'] as StreamId[],
  seq,
  horizon: (1_772_000_000_000 + seq) as Instant,
});

export function followerStoreContract(create: () => Promise<FollowerStore>): void {
  let store: FollowerStore;
  beforeEach(async () => {
    store = await create();
  });

  it('stands nowhere before anything was followed', async () => {
    expect(await store.read()).toEqual({ streams: [], seq: null, horizon: null });
  });

  it('keeps where the follower stands', async () => {
    expect(await store.write(place(5), 3)).toBe(true);
    expect(await store.read()).toEqual(place(5));
    expect(await store.write({ ...place(6), seq: null, horizon: null }, 3)).toBe(true);
    expect(await store.read()).toEqual({ ...place(6), seq: null, horizon: null });
  });

  it('refuses a follower whose lease another has taken since', async () => {
    expect(await store.write(place(5), 3)).toBe(true);
    expect(await store.write(place(9), 2)).toBe(false);
    expect(await store.write(place(6), 4)).toBe(true);
    expect(await store.write(place(9), 3)).toBe(false);
    expect(await store.read()).toEqual(place(6));
  });

  it('ends as the newest of two followers says, when both write for the first time', async () => {
    for (const fences of [
      [1, 2],
      [2, 1],
    ]) {
      store = await create();
      const [, second] = await Promise.all(fences.map((fence) => store.write(place(fence), fence)));
      expect(await store.read()).toEqual(place(2));
      if (fences[1] === 2) expect(second).toBe(true);
    }
  });

  it('ends as the newest of many followers says, when all write at once', async () => {
    const fences = shuffled(30).map((n) => n + 1);
    const written = await Promise.all(fences.map((fence) => store.write(place(fence), fence)));
    expect(written[fences.indexOf(30)]).toBe(true);
    expect(await store.read()).toEqual(place(30));
  });
}
