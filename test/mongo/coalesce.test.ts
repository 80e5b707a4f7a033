/** Checks that calls share round trips without waiting for each other when nobody is busy. */
import { coalesce, coalesceReads } from '../../src/mongo/coalesce';

/** Work whose batches stay open until the test answers them. */
function heldWork() {
  const batches: { items: readonly number[]; answer: () => void; fail: (error: Error) => void }[] =
    [];
  const run = (items: readonly number[]): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      batches.push({ items, answer: () => resolve(items.map((n) => `<${n}>`)), fail: reject });
    });
  return { run, batches };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('shared round trips', () => {
  it('starts a call at once when nobody is under way', async () => {
    const { run, batches } = heldWork();
    const call = coalesce({ run, most: 100, atOnce: 1 });
    const one = call(1);
    await Promise.resolve();
    expect(batches.map(({ items }) => items)).toEqual([[1]]);
    batches[0]!.answer();
    expect(await one).toBe('<1>');
  });

  it('gathers those that call meanwhile into one batch, and answers each its own', async () => {
    const { run, batches } = heldWork();
    const call = coalesce({ run, most: 100, atOnce: 1 });
    const first = call(1);
    await turn();
    const later = [2, 3, 4].map(call);
    await turn();
    expect(batches).toHaveLength(1);
    batches[0]!.answer();
    expect(await first).toBe('<1>');
    await turn();
    expect(batches[1]!.items).toEqual([2, 3, 4]);
    batches[1]!.answer();
    expect(await Promise.all(later)).toEqual(['<2>', '<3>', '<4>']);
  });

  it('puts no more into a batch than the limit, and lets as many run as may', async () => {
    const { run, batches } = heldWork();
    const call = coalesce({ run, most: 2, atOnce: 2 });
    const calls = [1, 2, 3, 4, 5].map(call);
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    batches[1]!.answer();
    await turn();
    expect(batches[2]!.items).toEqual([5]);
    batches[0]!.answer();
    batches[2]!.answer();
    expect(await Promise.all(calls)).toEqual(['<1>', '<2>', '<3>', '<4>', '<5>']);
  });

  it('tells everybody in a batch that failed, and nobody else', async () => {
    const { run, batches } = heldWork();
    const call = coalesce({ run, most: 2, atOnce: 1 });
    const calls = [1, 2, 3].map(call);
    const told = Promise.allSettled(calls);
    await turn();
    batches[0]!.fail(new Error('The database is away.'));
    await turn();
    batches[1]!.answer();
    expect((await told).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(await calls[2]).toBe('<3>');
  });

  it('goes on after work that fails before it begins', async () => {
    const call = coalesce<number, number>({
      run: (items) => {
        if (items.includes(0)) throw new Error('Refused.');
        return Promise.resolve(items);
      },
      most: 1,
      atOnce: 1,
    });
    const told = await Promise.allSettled([call(0), call(1)]);
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('lets no caller go without an answer where a batch is answered in part', async () => {
    const call = coalesce<number, number>({ run: async () => [1], most: 9, atOnce: 1 });
    const told = await Promise.allSettled([call(1), call(2)]);
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

interface Row {
  readonly _id: string;
  readonly holds: number;
}
const holds = (row: Row): number => row.holds;

describe('shared reads', () => {
  it('asks for each id once, and answers null for what is not there', async () => {
    const asked: (readonly string[])[] = [];
    const one = coalesceReads<string, Row, number>({
      read: async (ids) => {
        asked.push(ids);
        return [{ _id: 'a', holds: 1 }];
      },
      ...{ open: holds, most: 10, atOnce: 1 },
    });
    expect(await Promise.all(['a', 'b', 'a'].map(one))).toEqual([1, null, 1]);
    expect(asked).toEqual([['a', 'b']]);
  });

  it('fail for those who asked for a row that cannot be read, and for nobody else', async () => {
    let reads = 0;
    const one = coalesceReads<string, Row, number>({
      read: async (ids) => {
        reads += 1;
        return ids.map((_id) => ({ _id, holds: 1 }));
      },
      open: (row) => {
        if (row._id === 'bad') throw new Error('The row cannot be read.');
        return holds(row);
      },
      ...{ most: 10, atOnce: 1 },
    });
    const told = await Promise.allSettled(['a', 'bad', 'b', 'bad'].map(one));
    expect(told.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'rejected'],
      ...['fulfilled', 'rejected'],
    ]);
    expect(reads).toBe(1);
  });

  it('reads anew for who asks after a read has begun', async () => {
    let stored = 1;
    const one = coalesceReads<string, Row, number>({
      read: async () => {
        const found = [{ _id: 'a', holds: stored }];
        await turn();
        return found;
      },
      ...{ open: holds, most: 10, atOnce: 1 },
    });
    const early = one('a');
    await Promise.resolve();
    stored = 2;
    expect(await one('a')).toBe(2);
    expect(await early).toBe(1);
  });
});
