import fc from 'fast-check';
import { UpdateLog, type Changed } from '../../scripts/sim-provider/update-log';

type Row = Changed;

/** Applies changes of a few rows, one update each; returns the log and the rows as they now are. */
function logOf(changes: readonly { readonly id: string; readonly waitMs: number }[]) {
  const rows = new Map<string, Row>();
  const log = new UpdateLog<Row>((id) => rows.get(id));
  let at = 0;
  changes.forEach(({ id, waitMs }, ordinal) => {
    at += waitMs;
    const row = { id, ordinal, updatedAt: at as Row['updatedAt'] };
    const before = rows.get(id);
    rows.set(id, row);
    log.append(row, before);
  });
  return { log, rows, at };
}

const changesArbitrary = fc.array(
  fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), waitMs: fc.nat({ max: 2 }) }),
  { maxLength: 60 },
);

describe('paging by last update', () => {
  it('gives each row once, oldest update first, from an instant on, for any history', () => {
    fc.assert(
      fc.property(
        changesArbitrary,
        fc.nat({ max: 130 }),
        fc.integer({ min: 1, max: 7 }),
        (changes, after, limit) => {
          const { log, rows } = logOf(changes);
          const updatedAfter = after as Row['updatedAt'];
          const paged: Row[] = [];
          for (let cursor: number | null = null, more = true; more;) {
            const page = log.page({ updatedAfter, afterOrdinal: cursor, limit });
            expect(page.rows.length).toBeLessThanOrEqual(limit);
            paged.push(...page.rows);
            cursor = page.nextOrdinal;
            more = cursor !== null;
          }
          const expected = [...rows.values()]
            .filter((row) => row.updatedAt >= updatedAfter)
            .sort((a, b) => a.ordinal - b.ordinal);
          expect(paged).toEqual(expected);
        },
      ),
    );
  });

  it('forgets replaced versions, so that it stays as long as the rows are many', () => {
    const changes = Array.from({ length: 50_000 }, (_, n) => ({ id: `row-${n % 10}`, waitMs: 1 }));
    const { log } = logOf(changes);
    const page = log.page({ updatedAfter: null, afterOrdinal: null, limit: 500 });
    expect(page.rows.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, n) => `row-${n}`));
  });
});
