/** What every SweepStore keeps to, whatever it keeps its rows in. */
import type { RentalId, SweepId } from '../../src/domain/ids';
import { newSweep, type Repair, type Sweep, type SweepKind } from '../../src/domain/sweep';
import type { Instant } from '../../src/domain/time';
import type { SweepStore } from '../../src/flows/ports/upkeep-ports';
import { shuffled, walk } from './walk';

const at = (ms: number): Instant => (1_772_000_000_000 + ms) as Instant;

function aSweep(n: number, change: Partial<Sweep> = {}): Sweep {
  const id = `swp_${n}` as SweepId;
  const begun = { id, kind: 'resync', author: '$night desk', startedAt: at(n) } as const;
  return newSweep({ ...begun, fence: 1, ...change });
}

function aRepair(sweep: string, rental: number, change: Partial<Repair> = {}): Repair {
  return {
    id: `${sweep}/r_${rental}/expiry-set`,
    sweepId: sweep as SweepId,
    rentalId: `r_${rental}` as RentalId,
    kind: 'expiry-set',
    before: { rentedUntil: null, 'a.b': '$x' },
    after: { rentedUntil: '2026-03-01T00:00:00.000Z', list: [] },
    at: at(rental),
    ...change,
  };
}

export function sweepStoreContract(create: () => Promise<SweepStore>): void {
  let store: SweepStore;
  beforeEach(async () => {
    store = await create();
  });

  describe('beginning and going on', () => {
    it('begins a fire once, whichever instance was first', async () => {
      const fire = aSweep(1, { id: 'resync:2026-03-01T11:30:00.000Z' as SweepId, dueAt: at(0) });
      const begun = await Promise.all(
        shuffled(20).map((n) => store.begin({ ...fire, author: `instance ${n}` })),
      );
      expect(begun.filter(Boolean)).toHaveLength(1);
      const author = `instance ${shuffled(20)[begun.indexOf(true)]}`;
      expect(await store.get(fire.id)).toEqual({ ...fire, author, rev: 1 });
      expect(await store.get('swp_none' as SweepId)).toBeNull();
    });

    it('notes progress in what was changed only', async () => {
      const { id } = aSweep(1);
      const counts = { compared: 9, repaired: 2, breaks: 1, failed: 0 };
      await store.begin(aSweep(1));
      expect(await store.progress(id, 1, { cursor: 'u7', counts })).toBe(true);
      expect(await store.get(id)).toEqual(aSweep(1, { cursor: 'u7', counts, rev: 2 }));
      const end = { status: 'complete', finishedAt: at(9), cursor: null } as const;
      expect(await store.progress(id, 1, end)).toBe(true);
      expect(await store.get(id)).toEqual(aSweep(1, { ...end, counts, rev: 3 }));
    });

    it('refuses a run whose lease another has taken since', async () => {
      const { id } = aSweep(1);
      await store.begin(aSweep(1, { fence: 4 }));
      expect(await store.progress(id, 3, { cursor: 'stale' })).toBe(false);
      expect(await store.progress(id, 6, { cursor: 'taken up' })).toBe(true);
      expect(await store.progress(id, 4, { status: 'failed', fault: 'late' })).toBe(false);
      expect(await store.get(id)).toMatchObject({ cursor: 'taken up', fence: 6, fault: null });
      expect(await store.progress('swp_none' as SweepId, 9, {})).toBe(false);
    });
  });

  describe('finding runs', () => {
    it('finds those that are not finished, oldest first', async () => {
      const statuses = ['running', 'complete', 'incomplete', 'failed'] as const;
      for (const n of shuffled(8)) await store.begin(aSweep(n, { status: statuses[n % 4]! }));
      const found = await store.unfinished('resync');
      expect(found.map(({ id }) => id)).toEqual(['swp_0', 'swp_2', 'swp_4', 'swp_6']);
    });

    it('finds at most fifty unfinished ones of a kind that people asked for', async () => {
      for (const n of shuffled(60)) await store.begin(aSweep(n));
      const found = await store.unfinished('resync');
      expect(found.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, n) => `swp_${n}`));
    });

    it('finds what the schedule wanted behind any number that people asked for', async () => {
      for (const n of shuffled(60)) {
        await store.begin(aSweep(n, { kind: n % 6 === 0 ? 'settle' : 'resync' }));
      }
      await store.begin(aSweep(60, { dueAt: at(60), status: 'incomplete' }));
      await store.begin(aSweep(61, { dueAt: at(61), kind: 'settle' }));
      await store.begin(aSweep(62, { dueAt: at(62) }));
      const ids = async (kind: SweepKind) => (await store.unfinished(kind)).map(({ id }) => id);
      expect((await ids('resync')).slice(0, 3)).toEqual(['swp_60', 'swp_62', 'swp_1']);
      const settled = Array.from({ length: 10 }, (_, n) => `swp_${6 * n}`);
      expect(await ids('settle')).toEqual(['swp_61', ...settled]);
    });

    it('finds the latest of a kind that is not about a single rental', async () => {
      expect(await store.latest('settle')).toBeNull();
      for (const n of shuffled(9)) {
        await store.begin(aSweep(n, { kind: n % 3 === 0 ? 'settle' : 'resync' }));
      }
      expect((await store.latest('settle'))?.id).toBe('swp_6');
      await store.begin(aSweep(9, { rentalId: 'r_1' as RentalId }));
      expect((await store.latest('resync'))?.id).toBe('swp_8');
      expect((await store.get('swp_9' as SweepId))?.rentalId).toBe('r_1');
    });

    it('lists all, newest first', async () => {
      for (const n of shuffled(11)) await store.begin(aSweep(n));
      const listed = await walk((input) => store.list({ ...input, regions: [] }), 3);
      expect(listed.map(({ id }) => id)).toEqual(
        Array.from({ length: 11 }, (_, n) => `swp_${10 - n}`),
      );
    });

    it('shows a key that is limited to regions the runs that went no further', async () => {
      await store.begin(aSweep(0));
      await store.begin(aSweep(1, { region: 'Ahern' }));
      await store.begin(aSweep(2, { region: 'Cuddle' }));
      await store.begin(aSweep(3, { regions: ['Ahern', 'Bonifacio'] }));
      await store.begin(aSweep(4, { regions: ['Ahern', 'Cuddle'] }));
      await store.begin(aSweep(5, { region: 'Bonifacio', regions: ['Bonifacio', 'Cuddle'] }));
      const regions = ['Ahern', 'Bonifacio'];
      const listed = await walk((input) => store.list({ ...input, regions }), 2);
      expect(listed.map(({ id }) => id)).toEqual(['swp_5', 'swp_3', 'swp_1']);
    });
  });

  it('remembers when a schedule next wants to run', async () => {
    expect(await store.nextFire('resync')).toBeNull();
    await store.noteNextFire('resync', at(5));
    await store.noteNextFire('settle', at(6));
    await store.noteNextFire('resync', at(4));
    expect(await store.nextFire('resync')).toBe(at(4));
    expect(await store.nextFire('settle')).toBe(at(6));
  });

  describe('recording repairs', () => {
    it('keeps each repair of a run once, as it was first recorded', async () => {
      await store.record([aRepair('swp_1', 1), aRepair('swp_1', 2)]);
      await store.record([]);
      await store.record([aRepair('swp_1', 2, { before: { late: true } }), aRepair('swp_1', 3)]);
      const { rows, next } = await store.repairs('swp_1' as SweepId, { limit: 10, cursor: null });
      expect(rows).toEqual([1, 2, 3].map((n) => aRepair('swp_1', n)));
      expect(next).toBeNull();
    });

    it('keeps a planned repair until it is recorded, taken back or planned anew', async () => {
      const kept = async () =>
        (await store.repairs('swp_1' as SweepId, { limit: 10, cursor: null })).rows;
      const [planned, done] = [1, 1].map((_, i) => aRepair('swp_1', 1, { after: { try: i } }));
      await store.plan(aRepair('swp_1', 1, { after: { try: -1 } }));
      await store.plan(planned!);
      expect(await kept()).toEqual([planned]);
      await store.unplan(planned!.id);
      expect(await kept()).toEqual([]);
      await store.plan(planned!);
      await store.record([done!, aRepair('swp_1', 2)]);
      expect(await kept()).toEqual([done, aRepair('swp_1', 2)]);
      await store.plan(planned!);
      await store.unplan(planned!.id);
      await store.record([planned!]);
      expect(await kept()).toEqual([done, aRepair('swp_1', 2)]);
    });

    it('lists the repairs of one run, each once', async () => {
      await store.record(shuffled(300).map((n) => aRepair('swp_1', 1000 + n)));
      await store.record([aRepair('swp_10', 1), aRepair('swp_0', 1), aRepair('swp_1x', 1)]);
      const listed = await walk((input) => store.repairs('swp_1' as SweepId, input), 70);
      expect(listed).toEqual(Array.from({ length: 300 }, (_, n) => aRepair('swp_1', 1000 + n)));
      expect(await walk((input) => store.repairs('swp_2' as SweepId, input), 70)).toEqual([]);
    });

    it('shows nothing of one run to whoever brings its place to another', async () => {
      const runs = ['swp_1', 'swp_2', 'swp_3'].map((id) => id as SweepId);
      await store.record(runs.flatMap((id) => [1, 2, 3].map((n) => aRepair(id, n))));
      const places = runs.map(async (id) => store.repairs(id, { limit: 1, cursor: null }));
      for (const { next } of await Promise.all(places)) {
        const { rows } = await store.repairs('swp_2' as SweepId, { limit: 100, cursor: next });
        expect(rows.filter(({ sweepId }) => sweepId !== 'swp_2')).toEqual([]);
      }
    });
  });
}
