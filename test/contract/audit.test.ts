/** Runs the contract of AuditStore on the fake and on MongoDB alike. */
import { createFakeAuditStore } from '../support/fakes/audit-store';
import { auditStoreContract } from './audit.contract';

describe('the record of changes in memory', () => {
  auditStoreContract(async () => createFakeAuditStore());
});
