/** Leases in memory, as the contract of LeaseStore says; `nowMs` is the database's clock. */
import type { LeaseStore } from '../../../src/flows/ports/upkeep-ports';

interface Row {
  holder: string | null;
  untilMs: number;
  fence: number;
}

export function createFakeLeaseStore(nowMs: () => number): LeaseStore {
  const leases = new Map<string, Row>();
  return {
    async take(name, holder, forMs) {
      const lease = leases.get(name) ?? { holder: null, untilMs: -Infinity, fence: 0 };
      const runs = lease.holder !== null && lease.untilMs > nowMs();
      if (runs && lease.holder !== holder) return null;
      const fence = runs ? lease.fence : lease.fence + 1;
      leases.set(name, { holder, untilMs: nowMs() + forMs, fence });
      return { fence };
    },
    async release(name, holder) {
      const lease = leases.get(name);
      if (lease?.holder === holder) leases.set(name, { ...lease, holder: null });
    },
  };
}
