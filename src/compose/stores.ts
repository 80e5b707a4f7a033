/** Every store on one connection, as the ports that flows and jobs ask for; opens no connection. */
import { createAsideStore } from '../mongo/upkeep/asides';
import { createAuditStore } from '../mongo/upkeep/audit';
import { createBoxStore } from '../mongo/estate/boxes';
import { createBreakStore } from '../mongo/estate/breaks';
import type { Database } from '../mongo/connection';
import { createEntryStore } from '../mongo/money/entries';
import { createFollowerStore } from '../mongo/upkeep/follower';
import { createKeyStore } from '../mongo/upkeep/keys';
import { createLeaseStore } from '../mongo/upkeep/leases';
import { createNonceStore } from '../mongo/upkeep/nonces';
import { createPaymentStore } from '../mongo/money/payments';
import { createReferenceStore } from '../mongo/estate/references';
import { createRentalStore } from '../mongo/estate/rentals';
import { createReportStore } from '../mongo/money/reports';
import { createRequestStore } from '../mongo/upkeep/requests';
import type { Told } from '../mongo/estate/secret-opener';
import { createSecretSealing } from '../mongo/estate/secret-sealing';
import { createSecretsAtRest } from '../mongo/estate/secrets-at-rest';
import { createSweepStore } from '../mongo/upkeep/sweeps';
import { createTenancyStore } from '../mongo/money/tenancies';
import { createTransactionStore } from '../mongo/money/transactions';
import { createUnitStore } from '../mongo/estate/units';

export type Stores = ReturnType<typeof createStores>;

/**
 * @param secretKeys 32 bytes each: the first seals, all open.
 * @param told where it is said that a stored secret does not open.
 */
export function createStores(
  connection: Database['connection'],
  secretKeys: readonly Uint8Array[],
  told: Told,
) {
  const sealing = createSecretSealing(secretKeys);
  return {
    reports: createReportStore(connection),
    transactions: createTransactionStore(connection),
    entries: createEntryStore(connection),
    tenancies: createTenancyStore(connection),
    rentals: createRentalStore(connection),
    breaks: createBreakStore(connection),
    payments: createPaymentStore(connection),
    boxes: createBoxStore(connection, sealing, told),
    secretsAtRest: createSecretsAtRest(connection, sealing),
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
