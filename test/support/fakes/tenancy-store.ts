/** Tenancies in memory, as the contract of TenancyStore says. */
import type { TenancyId } from '../../../src/domain/ids';
import type { Tenancy } from '../../../src/domain/ledger/tenancy';
import type { TenancyStore } from '../../../src/flows/ports/money-ports';
import { savedRows } from './saved-rows';

export interface FakeTenancyStore extends TenancyStore {
  all(): Tenancy[];
}

export function createFakeTenancyStore(): FakeTenancyStore {
  const kept = savedRows<TenancyId, Tenancy>((tenancy) => tenancy.id);
  return {
    all: kept.all,
    get: async (ids) => kept.get(ids),
    save: async (tenancies) => kept.save(tenancies),
    ofRentals: async (ids) => kept.all().filter((tenancy) => ids.includes(tenancy.rentalId)),
  };
}
