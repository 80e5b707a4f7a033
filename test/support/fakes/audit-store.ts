/** The record of changes in memory, as the contract of AuditStore says. */
import { maySee, type Audit } from '../../../src/domain/access';
import type { AuditStore } from '../../../src/flows/ports/upkeep-ports';
import { binary, pageOf } from './page-of';

export function createFakeAuditStore(): AuditStore {
  const kept = new Map<string, Audit>();
  return {
    async write(rows) {
      for (const row of rows) if (!kept.has(row.id)) kept.set(row.id, structuredClone(row));
    },
    async list(query) {
      const rows = [...kept.values()]
        .filter(({ subject }) => query.subject === null || subject === query.subject)
        .filter(({ region }) => maySee(query.regions, region))
        .sort((a, b) => b.at - a.at || binary(b.id, a.id));
      return pageOf(rows, query, ({ id }) => id);
    },
  };
}
