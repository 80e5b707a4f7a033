/** Runs and repairs in memory, as the contract of SweepStore says. */
import type { SweepId } from '../../../src/domain/ids';
import type { Repair, Sweep } from '../../../src/domain/sweep';
import type { Instant } from '../../../src/domain/time';
import type { SweepStore } from '../../../src/flows/ports/upkeep-ports';
import { binary, pageOf } from './page-of';

export function createFakeSweepStore(): SweepStore {
  const sweeps = new Map<SweepId, Sweep>();
  const fires = new Map<string, Instant>();
  const oldestFirst = (): Sweep[] =>
    structuredClone([...sweeps.values()]).sort(
      (a, b) => a.startedAt - b.startedAt || binary(a.id, b.id),
    );

  return {
    async begin(sweep) {
      if (sweeps.has(sweep.id)) return false;
      sweeps.set(sweep.id, structuredClone({ ...sweep, rev: 1 }));
      return true;
    },
    get: async (id) => structuredClone(sweeps.get(id)) ?? null,
    async progress(id, fence, change) {
      const sweep = sweeps.get(id);
      if (sweep === undefined || sweep.fence > fence) return false;
      sweeps.set(id, { ...sweep, ...structuredClone(change), fence, rev: sweep.rev + 1 });
      return true;
    },
    async unfinished(kind) {
      const left = oldestFirst().filter(
        (one) => one.kind === kind && (one.status === 'running' || one.status === 'incomplete'),
      );
      const wanted = left.filter(({ dueAt }) => dueAt !== null);
      const asked = left.filter(({ dueAt }) => dueAt === null);
      return [...wanted.slice(0, 50), ...asked.slice(0, 50)];
    },
    latest: async (kind) =>
      oldestFirst().findLast((one) => one.kind === kind && one.rentalId === null) ?? null,
    async list(query) {
      const visible = oldestFirst().reverse().filter(isWithin(query.regions));
      return pageOf(visible, query, ({ id }) => id);
    },
    ...repairsInMemory(),
    nextFire: async (job) => fires.get(job) ?? null,
    async noteNextFire(job, at) {
      fires.set(job, at);
    },
  };
}

function repairsInMemory() {
  const repairs = new Map<string, Repair>();
  /** Ids of repairs that are not recorded yet. */
  const planned = new Set<string>();
  const isRecorded = (id: string): boolean => repairs.has(id) && !planned.has(id);
  return {
    async plan(row) {
      if (isRecorded(row.id)) return;
      planned.add(row.id);
      repairs.set(row.id, structuredClone(row));
    },
    async unplan(id) {
      if (planned.delete(id)) repairs.delete(id);
    },
    async record(rows) {
      for (const row of rows) {
        if (!isRecorded(row.id)) repairs.set(row.id, structuredClone(row));
        planned.delete(row.id);
      }
    },
    async repairs(id, query) {
      const rows = [...repairs.values()].filter(({ sweepId }) => sweepId === id);
      return pageOf(
        rows.sort((a, b) => binary(a.id, b.id)),
        query,
        (row) => row.id,
      );
    },
  } satisfies Partial<SweepStore>;
}

/** A key that is limited to regions sees the runs that went no further. */
function isWithin(regions: readonly string[]): (sweep: Sweep) => boolean {
  return (sweep) => {
    const scope = sweep.region === null ? sweep.regions : [sweep.region];
    return (
      regions.length === 0 || (scope.length > 0 && scope.every((one) => regions.includes(one)))
    );
  };
}
