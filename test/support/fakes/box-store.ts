/** Boxes in memory, as the contract of BoxStore says; nothing is at rest, so secrets lie open. */
import type { Box, Snapshot } from '../../../src/domain/box';
import type { BoxId, RentalId } from '../../../src/domain/ids';
import type { Instant } from '../../../src/domain/time';
import type { BoxSeen, BoxStore } from '../../../src/flows/ports/upkeep-ports';
import { binary, pageOf } from './page-of';

interface Row {
  box: Box;
  outboxAt: Instant | null;
}

/** @param regionOf The region of a rental, for lists; null = there is no such rental. */
export function createFakeBoxStore(regionOf: (id: RentalId) => string | null): BoxStore {
  const rows = new Map<BoxId, Row>();
  const get = (ids: readonly BoxId[]): Box[] =>
    ids.flatMap((id) => {
      const row = rows.get(id);
      return row === undefined ? [] : [structuredClone(row.box)];
    });

  return {
    one: async (id) => get([id])[0] ?? null,
    get: async (ids) => get([...new Set(ids)]),
    byPairingKey: async (key) =>
      get([...rows.keys()])
        .filter((box) => box.pairing?.key === key)
        .slice(0, 20),
    save: async (boxes) => new Set(boxes.filter((box) => saved(rows, box)).map(({ id }) => id)),
    async noteSeen(seen) {
      for (const one of seen) note(rows.get(one.id), one);
    },
    keepSnapshot: async (id, snapshot) => kept(rows.get(id), snapshot),
    async list(query) {
      const sorted = get([...rows.keys()])
        .filter(({ rentalId }) => isIn(query.regions, regionOf(rentalId)))
        .sort((a, b) => binary(a.rentalId, b.rentalId) || binary(a.id, b.id));
      return pageOf(sorted, query, ({ id }) => id);
    },
  };
}

function saved(rows: Map<BoxId, Row>, box: Box): boolean {
  const stored = rows.get(box.id);
  if ((stored?.box.rev ?? 0) !== box.rev) return false;
  const next = structuredClone({ ...box, rev: box.rev + 1 });
  if (stored === undefined) {
    rows.set(box.id, { box: next, outboxAt: box.outbox === null ? null : box.lastSeenAt });
  } else {
    const { lastSeenAt, outbox, snapshot } = stored.box;
    stored.box = { ...next, lastSeenAt, outbox, snapshot };
  }
  return true;
}

function note(row: Row | undefined, { at, outbox }: BoxSeen): void {
  if (row === undefined) return;
  if (at > (row.box.lastSeenAt ?? -1)) row.box = { ...row.box, lastSeenAt: at };
  if (outbox === null || at < (row.outboxAt ?? -1)) return;
  row.box = { ...row.box, outbox };
  row.outboxAt = at;
}

function kept(row: Row | undefined, snapshot: Snapshot): 'stored' | 'known' {
  if (row === undefined || snapshot.at <= (row.box.snapshot?.at ?? -1)) return 'known';
  row.box = { ...row.box, snapshot: structuredClone(snapshot) };
  return 'stored';
}

function isIn(regions: readonly string[], region: string | null): boolean {
  return regions.length === 0 || (region !== null && regions.includes(region));
}
