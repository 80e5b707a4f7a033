/** When what is cached of a ledger must be made anew. */
import { isSameCache, type RentalCache } from '../../src/domain/rental';
import { tenancyId, parseRentalId } from '../../src/domain/ids';
import type { Instant, Seconds } from '../../src/domain/time';
import { facts, PAID_UNTIL } from '../laws/standing-facts';

const cache = facts().cache!;
const at = (ms: number): Instant => (PAID_UNTIL + ms) as Instant;

const CHANGES: { readonly [Name in keyof Required<RentalCache>]: RentalCache[Name] } = {
  tenancyId: tenancyId(parseRentalId('r_1'), 99),
  startedAt: at(1),
  seconds: (cache.seconds + 1) as Seconds,
  throughSeq: cache.throughSeq + 1,
  startsUnpaid: true,
  paidUntil: at(1),
  possiblyPaidUntil: at(1),
  pending: cache.pending + 1,
};

describe('a cached copy of the ledger', () => {
  it('is the same as itself, and as nothing where there is nothing', () => {
    expect(isSameCache(cache, { ...cache })).toBe(true);
    expect(isSameCache(null, null)).toBe(true);
    expect(isSameCache(null, cache)).toBe(false);
    expect(isSameCache(cache, null)).toBe(false);
  });

  it.each(Object.keys(CHANGES) as (keyof RentalCache)[])('is stale when its %s differs', (name) => {
    const changed = { ...cache, [name]: CHANGES[name] };
    expect(isSameCache(changed, cache)).toBe(false);
    expect(isSameCache(cache, changed)).toBe(false);
  });
});
