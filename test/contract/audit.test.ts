/** Runs the contract of AuditStore on the fake and on MongoDB alike. */
import { createAuditStore } from '../../src/mongo/upkeep/audit';
import { createFakeAuditStore } from '../support/fakes/audit-store';
import { auditStoreContract } from './audit.contract';
import { onMongo } from './on-mongo';

describe('the record of changes in memory', () => {
  auditStoreContract(async () => createFakeAuditStore());
});

describe('the record of changes on MongoDB', () => {
  auditStoreContract(onMongo(createAuditStore));
});
