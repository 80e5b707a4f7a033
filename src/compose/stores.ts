/** Every store on one connection, as the ports that flows and jobs ask for; opens no connection. */
import { createAsideStore } from '../mongo/asides';
import { createAuditStore } from '../mongo/audit';
import { createBoxStore } from '../mongo/boxes';
import { createBreakStore } from '../mongo/breaks';
import type { Database } from '../mongo/connection';
import { createEntryStore } from '../mongo/entries';
import { createFollowerStore } from '../mongo/follower';
import { createKeyStore } from '../mongo/keys';
import { createLeaseStore } from '../mongo/leases';
import { createNonceStore } from '../mongo/nonces';
import { createPaymentStore } from '../mongo/payments';
import { createReferenceStore } from '../mongo/references';
import { createRentalStore } from '../mongo/rentals';
import { createReportStore } from '../mongo/reports';
import { createRequestStore } from '../mongo/requests';
import { createSecretSealing } from '../mongo/secret-sealing';
import { createSweepStore } from '../mongo/sweeps';
import { createTenancyStore } from '../mongo/tenancies';
import { createTransactionStore } from '../mongo/transactions';
import { createUnitStore } from '../mongo/units';

export type Stores = ReturnType<typeof createStores>;

/** @param secretKeys 32 bytes each: the first seals, all open. */
export function createStores(
  connection: Database['connection'],
  secretKeys: readonly Uint8Array[],
) {
  return {
    reports: createReportStore(connection),
    transactions: createTransactionStore(connection),
    entries: createEntryStore(connection),
    tenancies: createTenancyStore(connection),
    rentals: createRentalStore(connection),
    breaks: createBreakStore(connection),
    payments: createPaymentStore(connection),
    boxes: createBoxStore(connection, createSecretSealing(secretKeys)),
    nonces: createNonceStore(connection),
    units: createUnitStore(connection),
    references: createReferenceStore(connection),
    follower: createFollowerStore(connection),
    leases: createLeaseStore(connection),
    asides: createAsideStore(connection),
    sweeps: createSweepStore(connection),
    audit: createAuditStore(connection),
    requests: createRequestStore(connection),
    keys: createKeyStore(connection),
  };
}
