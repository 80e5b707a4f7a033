/** Shares out what the provider said, so that much of it at once is taken in by several. */
import type { UnitId } from '../../domain/ids';
import type { TransactionWord } from '../../domain/payments/transaction';
import type { UnitWord } from '../../domain/unit';

/** Words in one part: as many as one batch of writes carries well, and few enough to share out. */
const MOST_WORDS_OF_A_PART = 2_000;
const FEWEST_WORDS_OF_A_PART = 500;
/**
 * While the database works for one part, the next is reckoned with; with two at once there were
 * still moments at which both waited.
 */
export const PARTS_AT_ONCE = 3;

export interface Part {
  readonly transactions: TransactionWord[];
  readonly units: UnitWord[];
}

/**
 * All words about one unit in one part, so that two parts at once hardly meet; where a word names
 * another unit than the one before it they do, and `rev` decides.
 */
export function partsOf({
  transactions,
  units,
}: {
  readonly transactions: readonly TransactionWord[];
  readonly units: readonly UnitWord[];
}): Part[] {
  const byUnit = new Map<UnitId, Part>();
  const of = (unitId: UnitId): Part => {
    const found = byUnit.get(unitId) ?? { transactions: [], units: [] };
    byUnit.set(unitId, found);
    return found;
  };
  for (const word of transactions) of(word.unitId).transactions.push(word);
  for (const word of latestOf(units)) of(word.unitId).units.push(word);
  const most = wordsOfAPart(transactions.length + units.length);
  const parts: Part[] = [];
  for (const { transactions: paid, units: said } of byUnit.values()) {
    const last = parts.at(-1);
    const has = (last?.transactions.length ?? 0) + (last?.units.length ?? 0);
    if (last === undefined || has >= most) {
      parts.push({ transactions: [...paid], units: [...said] });
      continue;
    }
    last.transactions.push(...paid);
    last.units.push(...said);
  }
  return parts;
}

/** Parts of about one size, so that none is long alone at the end. */
function wordsOfAPart(words: number): number {
  const rounds = Math.ceil(words / (PARTS_AT_ONCE * MOST_WORDS_OF_A_PART));
  return Math.max(FEWEST_WORDS_OF_A_PART, Math.ceil(words / (PARTS_AT_ONCE * rounds)));
}

/** The last word about each unit; of equal versions the one that was said last. */
function latestOf(words: readonly UnitWord[]): readonly UnitWord[] {
  const latest = new Map<UnitId, UnitWord>();
  for (const word of words) {
    const known = latest.get(word.unitId);
    if (known === undefined || known.version <= word.version) latest.set(word.unitId, word);
  }
  return [...latest.values()];
}
