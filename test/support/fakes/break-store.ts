/** Breaks in memory, as the contract of BreakStore says. */
import { createHash } from 'node:crypto';
import type { Break, BreakKind } from '../../../src/domain/break';
import { openBreak, reopenBreak, settleBreak } from '../../../src/domain/break-life';
import { parseBreakId, type BreakId } from '../../../src/domain/ids';
import type { BreakQuery, BreakStore, OpenBreak } from '../../../src/flows/ports/money-ports';
import { pageOf } from './page-of';

export interface FakeBreakStore extends BreakStore {
  all(): Break[];
}

type Kept = Break & { readonly region: string | null };

export function createFakeBreakStore(): FakeBreakStore {
  const rows = new Map<BreakId, Kept>();
  const all = (): Kept[] => structuredClone([...rows.values()]);
  const where = (wanted: (one: Kept) => boolean): Break[] =>
    all().filter(wanted).map(withoutRegion);
  return {
    all: () => where(() => true),
    async open(drafts) {
      for (const one of drafts) {
        const id = idOf(one.draft.kind, one.draft.about);
        rows.set(id, opened(rows.get(id), id, structuredClone(one)));
      }
      const ids = new Set(drafts.map(({ draft }) => idOf(draft.kind, draft.about)));
      return where((one) => ids.has(one.id));
    },
    async settle(gone) {
      for (const one of gone) {
        const row = rows.get(idOf(one.kind, one.about));
        const settled = row === undefined ? null : settleBreak(row, one);
        if (settled !== null) rows.set(row!.id, { ...row!, ...settled, rev: row!.rev + 1 });
      }
    },
    get: async (id) => where((one) => one.id === id)[0] ?? null,
    find: async (wanted) =>
      where((one) => wanted.some((w) => w.kind === one.kind && w.about === one.about)),
    openFor: async (subjects, kinds) => where(isOpenFor(subjects, kinds)),
    async save(one) {
      const stored = rows.get(one.id);
      if (stored === undefined || stored.rev !== one.rev) return false;
      rows.set(one.id, { ...stored, ...structuredClone(one), rev: one.rev + 1 });
      return true;
    },
    async list(query) {
      const wanted = all()
        .filter((one) => isWanted(query, one))
        .sort((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? 1 : -1));
      const page = pageOf(wanted, query, (one) => one.id);
      return { ...page, rows: page.rows.map(withoutRegion) };
    },
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
  if (stored === undefined) return { ...openBreak({ id, draft, owner, now }), region, rev: 1 };
  const again = reopenBreak(stored, { draft, now });
  return again === null ? stored : { ...stored, ...again, rev: stored.rev + 1 };
}

function isOpenFor(subjects: readonly string[], kinds: readonly BreakKind[]) {
  return ({ state, kind, subjects: its }: Break): boolean =>
    state !== 'resolved' && kinds.includes(kind) && its.some((id) => subjects.includes(id));
}

const withoutRegion = ({ region: _, ...one }: Kept): Break => one;

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
