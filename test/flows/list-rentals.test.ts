/**
 * Rentals at a stage are found by looking through all of them, within bounds, and none is missed.
 */
import { parseRentalId, tenancyId } from '../../src/domain/ids';
import { seconds } from '../../src/domain/time';
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
});
