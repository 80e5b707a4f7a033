/**
 * Rentals at a stage are found by looking through all of them, within bounds, and none is missed.
 */
import { parseRentalId, tenancyId } from '../../src/domain/ids';
import { plusMs, seconds } from '../../src/domain/time';
import type { Rental } from '../../src/domain/rental';
import { listRentals } from '../../src/flows/rentals/list-rentals';
import { agent, createEstate, rentalOf, START, type Estate } from '../support/estate';

const numbered = (n: number) => parseRentalId(`r_${String(n).padStart(5, '0')}`);

function leased(n: number): Rental {
  const id = numbered(n);
  const tenancy = { id: tenancyId(id, 1), tenant: agent(1) };
  const until = (START + 30 * 86_400_000) as typeof START;
  const cache = {
    ...{ tenancyId: tenancy.id, startedAt: START, seconds: seconds(30 * 86_400), throughSeq: 1 },
    ...{ paidUntil: until, possiblyPaidUntil: until, pending: 0 },
  };
  return rentalOf(n, { id, tenancy, cache });
}

const estateOf = async (size: number, paid: readonly number[]): Promise<Estate> => {
  const estate = createEstate();
  const rentals = Array.from({ length: size }, (_none, n) =>
    paid.includes(n) ? leased(n) : rentalOf(n, { id: numbered(n) }),
  );
  await estate.rentals.save(rentals);
  return estate;
};

/** A box says that the parcel was cleared, long after any limit. */
const LAPSED = {
  verifiedBy: 'box',
  unitId: null,
  boxClearAt: plusMs(START, 39 * 86_400_000),
} as const;

const page = (estate: Estate, limit: number, cursor: string | null = null) =>
  listRentals(estate.deps, {
    ...{ stage: 'paid', region: null, text: null, limit, cursor },
    scope: { regions: [] },
  });

describe('rentals at a stage', () => {
  it('are looked for in bounded steps: an empty page says where to go on', async () => {
    const estate = await estateOf(2_300, [2_250]);
    const first = await page(estate, 50);
    expect(first.rows).toEqual([]);
    expect(first.next).not.toBeNull();
    const second = await page(estate, 50, first.next);
    expect(second.rows.map(({ rental }) => rental.id)).toEqual([numbered(2_250)]);
    expect(second.next).toBeNull();
  });

  it('are given each once where a page ends amid what was looked through', async () => {
    const paid = [3, 4, 198, 199, 200, 201, 390];
    const estate = await estateOf(400, paid);
    for (const limit of [1, 2, 3, 4, 5]) {
      const found: string[] = [];
      let cursor: string | null = null;
      do {
        const { rows, next }: Awaited<ReturnType<typeof page>> = await page(estate, limit, cursor);
        found.push(...rows.map(({ rental }) => rental.id));
        cursor = next;
      } while (cursor !== null);
      expect(found).toEqual(paid.map(numbered));
    }
  });

  it('are read anew together where they would be overdue', async () => {
    const estate = createEstate();
    const unpaid = Array.from({ length: 120 }, (_, n) =>
      rentalOf(n, { id: numbered(n), ...LAPSED }),
    );
    for (const rental of unpaid) {
      const id = tenancyId(rental.id, 1);
      const start = { by: 'manager', at: START } as const;
      const begun = { id, rentalId: rental.id, n: 1, tenant: agent(1), start, rev: 0 };
      await estate.tenancies.save([{ ...begun, endedAt: null }]);
      const cache = { ...leased(1).cache!, tenancyId: id, paidUntil: START, seconds: seconds(0) };
      const tenancy = { id, tenant: agent(1) };
      await estate.rentals.save([{ ...rental, tenancy, cache: { ...cache, throughSeq: 0 } }]);
    }
    await estate.clock.advance(40 * 86_400_000);
    let asked = 0;
    const ofRentals: typeof estate.tenancies.ofRentals = async (ids) => {
      asked += 1;
      return estate.tenancies.ofRentals(ids);
    };
    const deps = { ...estate.deps, tenancies: { ...estate.tenancies, ofRentals } };
    const { rows } = await listRentals(deps, {
      ...{ stage: 'overdue', region: null, text: null, limit: 200, cursor: null },
      scope: { regions: [] },
    });
    expect(rows).toHaveLength(120);
    // Once to read them anew, and once more to correct what was cached of them.
    expect(asked).toBeLessThanOrEqual(2);
  });
});
