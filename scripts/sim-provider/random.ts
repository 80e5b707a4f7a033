/** Seeded chance: the same seed and key give the same numbers, whatever else runs meanwhile. */

export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number, 0 ≤ x < `limit`. */
  below(limit: number): number;
  /** A copy in another order. */
  shuffled<Item>(items: readonly Item[]): Item[];
  /** A UUID of version 4, lower case. */
  uuid(): string;
}

/** A row of numbers of its own for each key, so that one purpose never disturbs another. */
export function randomFor(seed: number, ...key: readonly (string | number)[]): Random {
  const next = sfc32(hash(`${seed}|${key.join('|')}`));
  const below = (limit: number): number => Math.floor(next() * limit);
  const hex16 = (): string => below(0x10000).toString(16).padStart(4, '0');
  return {
    next,
    below,
    shuffled(items) {
      const copy = [...items];
      for (let last = copy.length - 1; last > 0; last -= 1) swap(copy, last, below(last + 1));
      return copy;
    },
    uuid() {
      const [a, b, c, d] = [hex16(), hex16(), hex16(), hex16()];
      const variant = (0x8000 | below(0x4000)).toString(16);
      const node = [hex16(), hex16(), hex16()].join('');
      // Joined and not concatenated: V8 would keep the pieces, at ten times the memory.
      return [a + b, c, `4${d.slice(1)}`, variant, node].join('-');
    },
  };
}

/** One number for one key, 0 ≤ x < 1: the fate of a single thing. */
export function roll(seed: number, ...key: readonly (string | number)[]): number {
  return sfc32(hash(`${seed}|${key.join('|')}`))();
}

export function swap<Item>(items: Item[], a: number, b: number): void {
  const kept = items[a] as Item;
  items[a] = items[b] as Item;
  items[b] = kept;
}

type State = [number, number, number, number];

/** cyrb128 (public domain): 128 well-mixed bits of a text. */
function hash(text: string): State {
  let [a, b, c, d] = [1_779_033_703, 3_144_134_277, 1_013_904_242, 2_773_480_762];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = b ^ Math.imul(a ^ unit, 597_399_067);
    b = c ^ Math.imul(b ^ unit, 2_869_860_233);
    c = d ^ Math.imul(c ^ unit, 951_274_213);
    d = a ^ Math.imul(d ^ unit, 2_716_044_179);
  }
  a = Math.imul(c ^ (a >>> 18), 597_399_067);
  b = Math.imul(d ^ (b >>> 22), 2_869_860_233);
  c = Math.imul(a ^ (c >>> 17), 951_274_213);
  d = Math.imul(b ^ (d >>> 19), 2_716_044_179);
  return [(a ^ b ^ c ^ d) >>> 0, (b ^ a) >>> 0, (c ^ a) >>> 0, (d ^ a) >>> 0];
}

/**
 * sfc32 (public domain): small, fast, and good enough for every fault here; no secret rests on it.
 */
function sfc32([a, b, c, d]: State): () => number {
  const next = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let warm = 0; warm < 12; warm += 1) next();
  return next;
}
