/** What every TenancyStore keeps to, whatever it keeps its rows in. */
import { parseRentalId, tenancyId, type TenancyId } from '../../src/domain/ids';
import type { Tenancy } from '../../src/domain/ledger/tenancy';
import type { TenancyStore } from '../../src/flows/ports/money-ports';
import { at, tenancyOf } from './money-rows';
import { savingContract } from './saving.contract';

export function tenancyStoreContract(create: () => Promise<TenancyStore>): void {
  let store: TenancyStore;
  beforeEach(async () => {
    store = await create();
  });

  savingContract<TenancyId, Tenancy>(create, {
    row: (n) => tenancyOf(n),
    idOf: (row) => row.id,
    changed: (row, text) => ({ ...row, tenant: { ...row.tenant, name: text }, endedAt: at(1) }),
  });

  it.each<[string, Tenancy['start']]>([
    ['its payments', { by: 'payments' }],
    ['a manager', { by: 'manager', at: at(1) }],
    ['an opening', { by: 'opening', at: at(1), unitVersion: 4, streamRank: 2, importedAt: at(2) }],
  ])('keeps a tenancy whose start is said by %s', async (_, start) => {
    const tenancy = tenancyOf(1, { start, endedAt: at(3) });
    await store.save([tenancy]);
    expect(await store.get([tenancy.id])).toEqual([{ ...tenancy, rev: 1 }]);
  });

  it('gives all tenancies of some rentals, those that ended too', async () => {
    const second = { id: tenancyId(parseRentalId('r_1'), 2), n: 2 };
    await store.save([
      tenancyOf(1, { endedAt: at(1) }),
      tenancyOf(1, second),
      tenancyOf(2),
      tenancyOf(3),
    ]);
    const rentals = ['r_1', 'r_3', 'r_9'].map(parseRentalId);
    const found = await store.ofRentals(rentals);
    expect(found.map(({ id }) => id).sort()).toEqual(['r_1:1', 'r_1:2', 'r_3:1']);
  });
}
