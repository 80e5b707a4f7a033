/** What every AsideStore keeps to, whatever it keeps its rows in. */
import type { Instant } from '../../src/domain/time';
import type { Aside, AsideStore } from '../../src/flows/ports/upkeep-ports';
import { shuffled } from './walk';

export interface AsideStoreSubject {
  /** Keeps at most 50 rows. */
  readonly store: AsideStore;
  /** What is kept, oldest first. */
  kept(): Promise<readonly Aside[]>;
}

const aside = (n: number): Aside => ({
  at: (1_772_000_000_000 + n) as Instant,
  from: n % 2 === 0 ? 'stream' : 'lookup',
  seq: n % 2 === 0 ? n : null,
  fault: 'no JSON',
  excerpt: `{"$where": ${n}`,
});

const span = (from: number, to: number): Aside[] =>
  Array.from({ length: to - from }, (_, index) => aside(from + index));

export function asideStoreContract(create: () => Promise<AsideStoreSubject>): void {
  let store: AsideStore;
  let kept: AsideStoreSubject['kept'];
  beforeEach(async () => {
    ({ store, kept } = await create());
  });

  it('keeps what could not be read as it came', async () => {
    expect(await store.count()).toBe(0);
    await store.put([]);
    await store.put([aside(1), aside(2)]);
    await store.put([aside(3)]);
    expect(await store.count()).toBe(3);
    expect(await kept()).toEqual(span(1, 4));
  });

  it('lets the oldest go when it is full', async () => {
    for (const n of shuffled(12)) await store.put(span(10 * n, 10 * n + 10));
    expect(await store.count()).toBe(50);
    expect(await kept()).toEqual(span(70, 120));
  });

  it('stays within its bounds when one batch alone would fill it', async () => {
    await store.put(span(0, 130));
    expect(await kept()).toEqual(span(80, 130));
  });

  it('loses nothing but the oldest when many write at once', async () => {
    await Promise.all(shuffled(20).map((n) => store.put(span(10 * n, 10 * n + 10))));
    expect(await kept()).toEqual(span(150, 200));
  });
}
