import { SignalQueue } from '../../src/provider/stream/signal-queue';

function queueOf(capacity: number, batch: number) {
  const heard: string[] = [];
  const queue = new SignalQueue<number>(
    { capacity, capacityBytes: 100 * capacity, batch },
    {
      onFull: () => heard.push('full'),
      onRoom: () => heard.push('room'),
      onEnded: () => heard.push('ended'),
    },
  );
  return { queue, heard, turns: queue[Symbol.asyncIterator]() };
}

describe('the queue between socket and store', () => {
  it('hands out everything that waits, up to a batch', async () => {
    const { queue, turns } = queueOf(100, 4);
    for (let n = 1; n <= 6; n += 1) queue.push(n, 1);
    expect((await turns.next()).value).toEqual([1, 2, 3, 4]);
    queue.push(7, 1);
    expect((await turns.next()).value).toEqual([5, 6, 7]);
  });

  it('lets a reader wait, and wakes it for the first value', async () => {
    const { queue, turns } = queueOf(100, 4);
    const turn = turns.next();
    queue.push(1, 1);
    expect(await turn).toEqual({ done: false, value: [1] });
  });

  it('says once that it is full, and that there is room when half empty', async () => {
    const { queue, heard, turns } = queueOf(8, 2);
    for (let n = 0; n < 10; n += 1) queue.push(n, 1);
    expect(heard).toEqual(['full']);
    for (let turn = 0; turn < 2; turn += 1) await turns.next();
    expect(heard).toEqual(['full']);
    await turns.next();
    expect(heard).toEqual(['full', 'room']);
    for (let n = 0; n < 4; n += 1) queue.push(n, 1);
    expect(heard).toEqual(['full', 'room', 'full']);
  });

  it('is full as well when few values came in many bytes', async () => {
    const { queue, heard, turns } = queueOf(8, 2);
    for (let n = 0; n < 3; n += 1) queue.push(n, 200);
    expect(heard).toEqual([]);
    queue.push(3, 200);
    expect(heard).toEqual(['full']);
    await turns.next();
    expect(heard).toEqual(['full', 'room']);
    for (let n = 0; n < 2; n += 1) queue.push(n, 200);
    expect(heard).toEqual(['full', 'room', 'full']);
  });

  it('ends after what was waiting, and takes nothing more', async () => {
    const { queue, heard, turns } = queueOf(8, 2);
    queue.push(1, 1);
    queue.finish();
    queue.push(2, 1);
    expect(heard).toEqual([]);
    expect((await turns.next()).value).toEqual([1]);
    expect(await turns.next()).toEqual({ done: true, value: undefined });
    expect(await turns.next()).toEqual({ done: true, value: undefined });
    expect(heard).toEqual(['ended']);
  });

  it('ends at once when nothing waits, and wakes a reader for it', async () => {
    const { queue, heard } = queueOf(8, 2);
    queue.finish();
    expect(heard).toEqual(['ended']);
    const other = queueOf(8, 2);
    const turn = other.turns.next();
    other.queue.finish();
    expect(await turn).toEqual({ done: true, value: undefined });
    expect(other.heard).toEqual(['ended']);
  });

  it('drops what waits when the reader breaks out of its loop', async () => {
    const { queue, heard } = queueOf(8, 2);
    for (let n = 0; n < 4; n += 1) queue.push(n, 1);
    for await (const batch of queue) {
      expect(batch).toEqual([0, 1]);
      break;
    }
    expect(heard).toEqual(['ended']);
    expect(await queue[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  });
});
