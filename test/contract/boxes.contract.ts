/** What every BoxStore keeps to when it is written, whatever it keeps its rows in. */
import type { Box } from '../../src/domain/box';
import type { BoxId } from '../../src/domain/ids';
import type { BoxStore } from '../../src/flows/ports/upkeep-ports';
import type { BoxStoreSubject } from './box-reads.contract';
import { aBox, aSnapshot, at, bare } from './box-rows';
import { shuffled } from './walk';

export function boxStoreContract(create: () => Promise<BoxStoreSubject>): void {
  let store: BoxStore;
  const one = async (box: Box): Promise<Box> => {
    const found = await store.one(box.id);
    if (found === null) throw new Error(`There is no ${box.id}.`);
    return found;
  };
  beforeEach(async () => {
    ({ store } = await create());
  });

  describe('saving a box', () => {
    it.each([
      ['with all it can hold', aBox('full')],
      ['with nothing known yet', aBox('bare', bare)],
    ])('keeps a new box %s', async (_, box) => {
      expect(await store.save([box])).toEqual(new Set([box.id]));
      expect(await store.one(box.id)).toEqual({ ...box, rev: 1 });
      expect(await store.get([box.id])).toEqual([{ ...box, rev: 1 }]);
    });

    it('writes a change once, and refuses one that was made from an older copy', async () => {
      await store.save([aBox('a')]);
      const read = await one(aBox('a'));
      const paired = { ...read, version: '2', pairing: null, nextSecret: null };
      expect(await store.save([paired])).toEqual(new Set([read.id]));
      expect(await store.save([{ ...read, version: '3' }])).toEqual(new Set());
      expect(await store.save([aBox('a')])).toEqual(new Set());
      expect(await one(read)).toEqual({ ...paired, rev: 2 });
    });

    it('lets one of many racing changes through', async () => {
      await store.save([aBox('a')]);
      const read = await one(aBox('a'));
      const answers = await Promise.all(
        shuffled(20).map((n) => store.save([{ ...read, version: `${n}` }])),
      );
      expect(answers.filter((written) => written.size === 1)).toHaveLength(1);
      expect((await one(read)).rev).toBe(2);
    });

    it('answers which of a batch were written', async () => {
      await store.save([aBox('a'), aBox('b')]);
      const a = await one(aBox('a'));
      const written = await store.save([a, aBox('b'), aBox('c')]);
      expect(written).toEqual(new Set(['box_a', 'box_c']));
    });

    it('leaves alone what was seen and heard since the box was read', async () => {
      await store.save([aBox('a')]);
      const read = await one(aBox('a'));
      await store.noteSeen([{ id: read.id, at: at(50), outbox: 7 }]);
      await store.keepSnapshot(read.id, aSnapshot(60, { left: 5 }));
      expect(await store.save([{ ...read, version: '2' }])).toEqual(new Set([read.id]));
      expect(await one(read)).toMatchObject({
        version: '2',
        lastSeenAt: at(50),
        outbox: 7,
        snapshot: { left: 5 },
      });
    });
  });

  describe('noting that boxes were seen', () => {
    it('moves forward only, and touches no revision', async () => {
      await store.save([aBox('a', bare), aBox('b', bare)]);
      await store.noteSeen([
        { id: aBox('a').id, at: at(20), outbox: 2 },
        { id: aBox('b').id, at: at(21), outbox: null },
        { id: 'box_unknown' as BoxId, at: at(22), outbox: 1 },
      ]);
      await store.noteSeen([{ id: aBox('a').id, at: at(19), outbox: 9 }]);
      expect(await one(aBox('a'))).toMatchObject({ lastSeenAt: at(20), outbox: 2, rev: 1 });
      expect(await one(aBox('b'))).toMatchObject({ lastSeenAt: at(21), outbox: null, rev: 1 });
      expect(await store.one('box_unknown' as BoxId)).toBeNull();
    });

    it('keeps the outbox that was said last, though a later call said none', async () => {
      const { id } = aBox('a');
      await store.save([aBox('a', bare)]);
      await store.noteSeen([{ id, at: at(10), outbox: 5 }]);
      await store.noteSeen([{ id, at: at(30), outbox: null }]);
      await store.noteSeen([{ id, at: at(20), outbox: 0 }]);
      expect(await one(aBox('a'))).toMatchObject({ lastSeenAt: at(30), outbox: 0 });
    });

    it('ends with the latest of many at once, in any order', async () => {
      const { id } = aBox('a');
      await store.save([aBox('a', bare)]);
      await Promise.all(
        shuffled(30).map((n) => store.noteSeen([{ id, at: at(100 + n), outbox: n }])),
      );
      expect(await one(aBox('a'))).toMatchObject({ lastSeenAt: at(129), outbox: 29, rev: 1 });
    });
  });

  it('notes in batches that meet, the latest of each box at the end', async () => {
    const ids = shuffled(20).map((n) => aBox(`n${n}`, bare));
    await store.save(ids);
    await Promise.all(
      shuffled(8).map((batch) =>
        store.noteSeen(
          shuffled(20, batch + 1).map((n) => ({
            id: `box_n${n}` as BoxId,
            at: at(batch),
            outbox: batch,
          })),
        ),
      ),
    );
    for (const box of await store.get(ids.map(({ id }) => id))) {
      expect(box).toMatchObject({ lastSeenAt: at(7), outbox: 7, rev: 1 });
    }
  });

  describe('keeping a snapshot', () => {
    it('keeps a later one, and knows one of the same or an earlier time', async () => {
      const { id } = aBox('a');
      await store.save([aBox('a', bare)]);
      expect(await store.keepSnapshot(id, aSnapshot(20))).toBe('stored');
      expect(await store.keepSnapshot(id, aSnapshot(20, { left: 1 }))).toBe('known');
      expect(await store.keepSnapshot(id, aSnapshot(19, { left: 2 }))).toBe('known');
      expect(await one(aBox('a'))).toMatchObject({ snapshot: aSnapshot(20), rev: 1 });
      expect(await store.keepSnapshot(id, aSnapshot(21, { left: 3 }))).toBe('stored');
      expect((await one(aBox('a'))).snapshot).toEqual(aSnapshot(21, { left: 3 }));
    });

    it('ends with the latest of many at once', async () => {
      const { id } = aBox('a');
      await store.save([aBox('a')]);
      await Promise.all(shuffled(20).map((n) => store.keepSnapshot(id, aSnapshot(100 + n))));
      expect((await one(aBox('a'))).snapshot?.at).toBe(at(119));
    });
  });
}
