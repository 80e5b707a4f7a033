/** Rows under compare-and-set on `rev`, as every money store keeps them. */

export interface SavedRows<Id extends string, Row extends { readonly rev: number }> {
  readonly rows: Map<Id, Row>;
  get(ids: readonly Id[]): Row[];
  all(): Row[];
  save(changed: readonly Row[]): Set<Id>;
}

/** `keep` gives what is stored for a save, where some fields are not the save's to write. */
export function savedRows<Id extends string, Row extends { readonly rev: number }>(
  idOf: (row: Row) => Id,
  keep: (next: Row, stored: Row) => Row = (next) => next,
): SavedRows<Id, Row> {
  const rows = new Map<Id, Row>();
  return {
    rows,
    get: (ids) =>
      [...new Set(ids)].flatMap((id) => {
        const row = rows.get(id);
        return row === undefined ? [] : [structuredClone(row)];
      }),
    all: () => structuredClone([...rows.values()]),
    save(changed) {
      const written = new Set<Id>();
      for (const row of changed) {
        const stored = rows.get(idOf(row));
        if ((stored?.rev ?? 0) !== row.rev) continue;
        const next = structuredClone({ ...row, rev: row.rev + 1 });
        rows.set(idOf(row), stored === undefined ? next : keep(next, stored));
        written.add(idOf(row));
      }
      return written;
    },
  };
}
