/** A storm is shared out in parts: nothing is lost, and one unit's words stay together. */
import { PARTS_AT_ONCE, partsOf } from '../../src/flows/upstream/parts-of-words';
import { statementOf } from '../support/estate';

const [FEWEST_WORDS, MOST_WORDS] = [500, 2_000];

function storm(units: number, wordsOfEach: number) {
  const { witness: _witness, seenAt: _seenAt, streamRank: _rank, ...word } = statementOf(1);
  return Array.from({ length: units * wordsOfEach }, (_, i) => ({
    ...word,
    unitId: `u${i % units}` as typeof word.unitId,
    txId: `tx-${i}` as typeof word.txId,
  }));
}

it.each([1, 400, 1_500, 9_000])('%i units: every word once, a unit in one part', (units) => {
  const transactions = storm(units, 3);
  const parts = partsOf({ transactions, units: [] });
  const ids = parts.flatMap((part) => part.transactions.map(({ txId }) => txId));
  expect(ids.sort()).toEqual(transactions.map(({ txId }) => txId).sort());
  const places = parts.flatMap((part) => [...new Set(part.transactions.map((one) => one.unitId))]);
  expect(places).toHaveLength(units);
});

it('parts are of about one size, as many as are taken in at once or a multiple of it', () => {
  const sizes = partsOf({ transactions: storm(9_000, 1), units: [] }).map(
    ({ transactions }) => transactions.length,
  );
  expect(sizes.length % PARTS_AT_ONCE).toBe(0);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(FEWEST_WORDS);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(MOST_WORDS);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
});
