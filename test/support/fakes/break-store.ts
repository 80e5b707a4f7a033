/** Breaks in memory, as the contract of BreakStore says. */
import { createHash } from 'node:crypto';
import { daysToSettle, type Break } from '../../../src/domain/break';
import { SYSTEM } from '../../../src/domain/entry';
import { parseBreakId, type BreakId } from '../../../src/domain/ids';
import { DAY_MS, plusMs } from '../../../src/domain/time';
import type { BreakQuery, BreakStore, OpenBreak } from '../../../src/flows/ports';
import { pageOf } from './page-of';

export interface FakeBreakStore extends BreakStore {
  all(): Break[];
}

type Kept = Break & { readonly region: string | null };

export function createFakeBreakStore(): FakeBreakStore {
  const rows = new Map<BreakId, Kept>();
  const all = (): Kept[] => structuredClone([...rows.values()]);
  return {
    all,
    async open(drafts) {
      for (const one of drafts) {
        const id = idOf(one.draft.kind, one.draft.about);
        rows.set(id, opened(rows.get(id), id, structuredClone(one)));
      }
      const ids = new Set(drafts.map(({ draft }) => idOf(draft.kind, draft.about)));
      return all().filter((one) => ids.has(one.id));
    },
    async settle(gone) {
      for (const { kind, about, resolution, as, now } of gone) {
        const id = idOf(kind, about);
        const row = rows.get(id);
        if (row === undefined || row.state !== 'open') continue;
        const closed = as === 'resolved' ? { resolvedAt: now, resolvedBy: SYSTEM } : {};
        rows.set(id, { ...row, ...closed, state: as, resolution, rev: row.rev + 1 });
      }
    },
    get: async (id) => structuredClone(rows.get(id) ?? null),
    find: async (wanted) =>
      all().filter((one) => wanted.some((w) => w.kind === one.kind && w.about === one.about)),
    openFor: async (subjects) =>
      all().filter(
        (one) => one.state !== 'resolved' && one.subjects.some((id) => subjects.includes(id)),
      ),
    async save(one) {
      const stored = rows.get(one.id);
      if (stored === undefined || stored.rev !== one.rev) return false;
      rows.set(one.id, { ...stored, ...structuredClone(one), rev: one.rev + 1 });
      return true;
    },
    list: async (query) =>
      pageOf(
        all()
          .filter((one) => isWanted(query, one))
          .sort((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? -1 : 1)),
        query,
        (one) => one.id,
      ),
    async countOpen() {
      const counts: Record<string, number> = {};
      for (const one of all()) {
        if (one.state !== 'resolved') counts[one.kind] = (counts[one.kind] ?? 0) + 1;
      }
      return counts;
    },
  };
}

function opened(stored: Kept | undefined, id: BreakId, one: OpenBreak): Kept {
  const { draft, region, owner, now } = one;
  const dueAt = plusMs(now, daysToSettle(draft.kind) * DAY_MS);
  const fresh = { state: 'open', resolution: null, resolvedAt: null, resolvedBy: null } as const;
  if (stored === undefined) {
    return { ...draft, ...fresh, id, rev: 1, openedAt: now, dueAt, owner, comments: [], region };
  }
  const closedByPerson = stored.state === 'resolved' && stored.resolvedBy !== SYSTEM;
  const same = stored.fingerprint === draft.fingerprint;
  if (stored.state === 'open' || (closedByPerson && same)) return stored;
  return { ...stored, ...draft, ...fresh, dueAt, rev: stored.rev + 1 };
}

function isWanted(query: BreakQuery, one: Kept): boolean {
  const { kind, owner, state, regions } = query;
  if (kind !== null && one.kind !== kind) return false;
  if (owner !== null && one.owner !== owner) return false;
  if (state !== null && one.state !== state) return false;
  return regions.length === 0 || (one.region !== null && regions.includes(one.region));
}

function idOf(kind: string, about: string): BreakId {
  const hash = createHash('sha256').update(`${kind}|${about}`).digest('hex');
  return parseBreakId(`brk_${hash.slice(0, 24)}`);
}
