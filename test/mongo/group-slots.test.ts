/** Checks that no row of a group is missed because of the slot it is kept under. */
import * as fc from 'fast-check';
import type { AgentKey, UnitId } from '../../src/domain/ids';
import type { Instant } from '../../src/domain/time';
import type { GroupQuery } from '../../src/flows/ports/money-ports';
import { slotFilters, slotOf, spanFilter } from '../../src/mongo/group-slots';

const DAY_MS = 86_400_000;
const group = fc.record({
  unitId: fc.constantFrom('u', 'u1', '1') as fc.Arbitrary<UnitId>,
  payer: fc.constantFrom('p', '1p') as fc.Arbitrary<AgentKey>,
  amount: fc.constantFrom(1, 11),
});
const instant = fc.integer({ min: 0, max: 4_102_444_800_000 }) as fc.Arbitrary<Instant>;
const query = fc
  .tuple(group, instant, fc.integer({ min: 0, max: 900 * DAY_MS }))
  .map(([of, from, length]): GroupQuery => ({ ...of, from, to: (from + length) as Instant }));

function isRead(
  slot: string,
  queries: readonly GroupQuery[],
  untimed: 'with' | 'without',
): boolean {
  const { slots, ranges } = slotFilters(queries, { untimed });
  return slots.includes(slot) || ranges.some(([from, to]) => from <= slot && slot <= to);
}

describe('slots of groups', () => {
  it('lie where a query looks that asks for their time', () => {
    fc.assert(
      fc.property(fc.array(query, { minLength: 1, maxLength: 4 }), fc.nat(), (queries, n) => {
        const { from, to, ...of } = queries[n % queries.length]!;
        for (const at of [from, to, Math.floor((from + to) / 2) as Instant]) {
          expect(spanFilter(queries)(of, at, 0)).toBe(true);
          expect(isRead(slotOf(of, at), queries, 'without')).toBe(true);
        }
      }),
    );
  });

  it('are read for their own group alone', () => {
    fc.assert(
      fc.property(query, group, instant, (asked, of, at) => {
        const same =
          asked.unitId === of.unitId && asked.payer === of.payer && asked.amount === of.amount;
        if (!same) {
          expect(isRead(slotOf(of, at), [asked], 'with')).toBe(false);
          expect(spanFilter([asked])(of, at, Number.MAX_SAFE_INTEGER)).toBe(false);
        }
        expect(isRead(slotOf(of, null), [asked], 'with')).toBe(same);
        expect(isRead(slotOf(of, null), [asked], 'without')).toBe(false);
      }),
    );
  });

  it('are few for the spans in which settle looks', () => {
    const asked: GroupQuery = {
      unitId: 'u' as UnitId,
      payer: 'p' as AgentKey,
      amount: 1,
      from: 1_772_000_000_000 as Instant,
      to: 1_772_007_200_000 as Instant,
    };
    expect(slotFilters([asked, asked], { untimed: 'with' }).slots.length).toBeLessThanOrEqual(3);
  });
});
