/** Generates how facts arrive: shuffled, some twice, some last, in batches, with sweeps between. */
import fc from 'fast-check';
import type { Arrival, Fact } from './facts';

/** Every fact arrives at least once. */
export function arrivalsOf(facts: readonly Fact[]): fc.Arbitrary<readonly Arrival[]> {
  if (facts.length === 0) return fc.constant([]);
  return fc
    .array(fc.constantFrom(...facts), { maxLength: 4 })
    .chain((again) => {
      const all = [...facts, ...again];
      return fc.tuple(
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
      );
    })
    .map(([shuffled, sizes, sweeps]) => batched(shuffled, sizes, sweeps));
}

function batched(
  facts: readonly Fact[],
  sizes: readonly number[],
  sweeps: readonly boolean[],
): Arrival[] {
  const arrivals: Arrival[] = [];
  for (let from = 0, turn = 0; from < facts.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    arrivals.push(facts.slice(from, from + size));
    if (sweeps[turn % sweeps.length] === true) arrivals.push('sweep');
    from += size;
  }
  return arrivals;
}
