/** L$ are whole numbers from 1 to 2^31 − 1, and nothing else is an amount. */
import fc from 'fast-check';
import { isLindens, lindens, MAX_LINDENS } from '../../src/domain/money';

describe('an amount of L$', () => {
  it('is any whole number from 1 to 2^31 − 1', () => {
    expect(MAX_LINDENS).toBe(2 ** 31 - 1);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (amount) => {
        expect(lindens(amount)).toBe(amount);
        expect(isLindens(amount)).toBe(true);
      }),
    );
  });

  it.each([0, -1, 0.5, 1.0000001, 2 ** 31, 2 ** 53, NaN, Infinity, -Infinity])(
    'is never %p',
    (amount) => {
      expect(() => lindens(amount)).toThrow();
      expect(isLindens(amount)).toBe(false);
    },
  );

  it('is never a number that is fractional, negative or beyond what the grid carries', () => {
    const wrong = fc
      .double({ noNaN: true })
      .filter((value) => !Number.isInteger(value) || value < 1 || value > 2 ** 31 - 1);
    fc.assert(fc.property(wrong, (amount) => expect(() => lindens(amount)).toThrow()));
  });
});
