/** Words of a provider that are long, impossible, or said again: what is kept and believed. */
import { addStatements, foldStatements, saysMoreThan } from '../../src/domain/payments/statements';
import { seconds, type Instant } from '../../src/domain/time';
import type { Statement, Transaction, TxState } from '../../src/domain/payments/transaction';
import { START, statementOf } from '../support/estate';

const word = (streamRank: number, version: number, state: TxState, more = {}): Statement =>
  statementOf(1, { streamRank, version, state, ...more });
const heard = (...statements: Statement[]) => foldStatements(addStatements([], statements));

describe('what a provider says at length again and again', () => {
  it('is cut short but for its latest words, whatever order they come in', () => {
    const long = `${'x'.repeat(199)}\u{1F600}${'y'.repeat(3_000)}`;
    const many = Array.from({ length: 40 }, (_, n) => word(1, n + 1, 'failed', { message: long }));
    const kept = addStatements([], many);
    expect(kept.slice(30).every(({ message }) => message === long)).toBe(true);
    expect(new Set(kept.slice(0, 30).map(({ message }) => message))).toEqual(
      new Set(['x'.repeat(199)]),
    );
    const oneByOne = [...many]
      .reverse()
      .reduce((known: readonly Statement[], one) => addStatements(known, [one]), []);
    expect(oneByOne).toEqual(kept);
  });
});

describe('a time of payment that cannot be', () => {
  const tenYears = (START + 10 * 365 * 86_400_000) as Instant;

  it.each([0 as Instant, tenYears])(
    'is as good as none: the first word stands in (%i)',
    (paidAt) => {
      const said = { paidAt, updatedAt: START };
      const fold = heard(word(1, 1, 'queued', said), word(1, 2, 'completed', said));
      expect(fold).toMatchObject({ paidAt: START, paidAtKnown: false });
    },
  );

  it('gives way to a possible one, in whatever order the two are heard', () => {
    const odd = word(1, 2, 'completed', { paidAt: tenYears, updatedAt: START });
    const paidAt = (START - 60_000) as Instant;
    const fold = heard(odd, word(1, 1, 'queued', { paidAt }));
    expect(fold).toMatchObject({ paidAt, paidAtKnown: true });
  });
});

describe('what a decision covers', () => {
  const upTo = { streamRank: 1, version: 3 };
  const more = (...statements: Statement[]) =>
    saysMoreThan({ statements: addStatements([], statements) } as Transaction, upTo);

  it('is no more when the same is said under another numbering', () => {
    const known = [word(1, 2, 'queued'), word(1, 3, 'completed')];
    expect(more(...known, word(2, 3, 'completed'))).toBe(false);
    expect(more(...known, word(2, 2, 'queued'), word(2, 3, 'completed'))).toBe(false);
  });

  it.each([
    ['a new word', word(1, 4, 'completed')],
    ['a reversal', word(2, 3, 'reversed')],
    ['another version', word(2, 4, 'completed')],
    ['more time', word(2, 3, 'completed', { creditedSeconds: seconds(9) })],
  ])('is more with %s', (_, added) => {
    expect(more(word(1, 3, 'completed'), added)).toBe(true);
  });
});
