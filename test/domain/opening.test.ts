/** A payment that the imported time already contains is linked to it and never credited again. */
import fc from 'fast-check';
import { containment } from '../../src/domain/ledger/opening';
import type { Statement } from '../../src/domain/payments/transaction';
import { daysAfter, tenancyOf, txOf } from '../laws/samples';
import { START } from '../support/estate';

const importedAt = daysAfter(START, 10);
const opening = tenancyOf(1, {
  ...{ by: 'opening', at: START, unitVersion: 40, streamRank: 3 },
  importedAt,
});
const of = (over: Partial<Statement>) => containment(opening, txOf(1, over));

describe('a transaction and an opening', () => {
  it('under the same stream id go by the version of the unit alone', () => {
    const rows = fc.record({ unitVersion: fc.integer({ min: 1, max: 80 }), day: fc.nat(30) });
    fc.assert(
      fc.property(rows, ({ unitVersion, day }) => {
        const found = of({ streamRank: 3, unitVersion, paidAt: daysAfter(START, day) });
        expect(found).toBe(unitVersion <= 40 ? 'contained' : 'not-contained');
      }),
    );
  });

  it('under another stream id are apart where the L$ were given after the import', () => {
    for (const streamRank of [1, 2, 4, 5]) {
      const after = { streamRank, unitVersion: 1, paidAt: daysAfter(importedAt, 0.001) };
      expect(of(after)).toBe('not-contained');
    }
  });

  it('under another stream id are unclear where they were given before the import', () => {
    for (const streamRank of [2, 4]) {
      for (const unitVersion of [1, 40, 80]) {
        const before = { streamRank, unitVersion, paidAt: daysAfter(importedAt, -0.001) };
        expect(of(before)).toBe('unclear');
      }
    }
  });
});
