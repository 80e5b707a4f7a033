/** What every store keeps to that saves rows by compare-and-set on `rev`. */
import { shuffled } from './walk';

export interface SavingStore<Id extends string, Row> {
  save(rows: readonly Row[]): Promise<Set<Id>>;
  get(ids: readonly Id[]): Promise<Row[]>;
}

export interface SavingKit<Id extends string, Row> {
  /** The n-th new row, with `rev` 0. */
  readonly row: (n: number) => Row;
  readonly idOf: (row: Row) => Id;
  /** The row with a visible difference for each text. */
  readonly changed: (row: Row, text: string) => Row;
}

export function savingContract<Id extends string, Row extends { readonly rev: number }>(
  create: () => Promise<SavingStore<Id, Row>>,
  { row, idOf, changed }: SavingKit<Id, Row>,
): void {
  let store: SavingStore<Id, Row>;
  const ids = (rows: readonly Row[]): Set<Id> => new Set(rows.map(idOf));
  const read = async (n: number): Promise<Row> => {
    const [found] = await store.get([idOf(row(n))]);
    if (found === undefined) throw new Error(`Row ${n} is not there.`);
    return found;
  };
  const readAll = async (rows: readonly Row[]): Promise<Row[]> => {
    const found = await store.get(rows.map(idOf));
    return found.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  };
  beforeEach(async () => {
    store = await create();
  });

  describe('a save', () => {
    it('keeps a new row whole, at revision 1', async () => {
      expect(await store.save([row(1)])).toEqual(ids([row(1)]));
      expect(await read(1)).toEqual({ ...row(1), rev: 1 });
    });

    it('writes a change once, and refuses one that was made from an older copy', async () => {
      await store.save([row(1)]);
      const before = await read(1);
      expect(await store.save([changed(before, 'a')])).toEqual(ids([before]));
      expect(await store.save([changed(before, 'b')])).toEqual(new Set());
      expect(await store.save([row(1)])).toEqual(new Set());
      expect(await read(1)).toEqual({ ...changed(before, 'a'), rev: 2 });
    });

    it('writes no change of a row that is not there', async () => {
      expect(await store.save([{ ...row(1), rev: 3 }])).toEqual(new Set());
      expect(await store.get([idOf(row(1))])).toEqual([]);
    });

    it('answers exactly which rows of a batch were written', async () => {
      const first = [1, 2, 3, 4, 5, 6, 7, 8].map(row);
      await store.save(first);
      const known = await readAll(first);
      await store.save(known.slice(0, 3).map((one) => changed(one, 'faster')));
      const absent = { ...row(9), rev: 1 };
      const batch = [...known.map((one) => changed(one, 'slower')), absent, row(10)];
      expect(await store.save(batch)).toEqual(ids([...known.slice(3), row(10)]));
      const after = await readAll(first);
      expect(after).toEqual(
        known.map((one, i) => ({ ...changed(one, i < 3 ? 'faster' : 'slower'), rev: 2 })),
      );
    });

    it('takes a batch of hundreds', async () => {
      const first = shuffled(300).map(row);
      expect(await store.save(first)).toEqual(ids(first));
      const known = await readAll(first);
      expect(await store.save(known.map((one) => changed(one, 'x')))).toEqual(ids(first));
      expect((await readAll(first)).every((one) => one.rev === 2)).toBe(true);
    });

    it('lets one win of those that save a row at once, and tells each what it won', async () => {
      const first = shuffled(24).map(row);
      await store.save(first);
      const known = await readAll(first);
      const rivals = ['p', 'q', 'r', 's', 't', 'u'];
      const won = await Promise.all(
        rivals.map((rival, i) => {
          const from = known.slice(i * 2).concat(known.slice(0, i * 2));
          return store.save(from.map((one) => changed(one, rival)));
        }),
      );
      const after = await readAll(first);
      after.forEach((stored, i) => {
        const winners = rivals.filter((_, r) => won[r]!.has(idOf(stored)));
        expect(winners).toHaveLength(1);
        expect(stored).toEqual({ ...changed(known[i]!, winners[0]!), rev: 2 });
      });
    });

    it('counts each win once, however often rivals read and save again', async () => {
      const first = [1, 2, 3, 4, 5, 6].map(row);
      await store.save(first);
      const wins = new Map<Id, number>();
      const rival = async (name: string): Promise<void> => {
        for (let round = 0; round < 8; round += 1) {
          const saved = await store.save(
            (await readAll(first)).map((one) => changed(one, `${name}${round}`)),
          );
          for (const id of saved) wins.set(id, (wins.get(id) ?? 0) + 1);
        }
      };
      await Promise.all(['p', 'q', 'r', 's'].map(rival));
      for (const one of await readAll(first)) expect(one.rev).toBe(1 + (wins.get(idOf(one)) ?? 0));
    });

    it('answers nothing for nothing', async () => {
      expect(await store.save([])).toEqual(new Set());
      expect(await store.get([])).toEqual([]);
    });
  });
}
