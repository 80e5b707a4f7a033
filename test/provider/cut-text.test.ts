import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { cutText } from '../../src/provider/cut-text';
import { readFrame } from '../../src/provider/stream/frames';
import { AGENT, eventFrame, transactionRow } from './words';

const FRAMES = 300;
const COUNTED = Array.from({ length: FRAMES }, (_, n) => n);

/** What stays in memory for each of the values that `make` gives. */
function keptBytesOf(make: (n: number) => unknown): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const before = process.memoryUsage().heapUsed;
  const kept = COUNTED.map(make);
  collect();
  return (process.memoryUsage().heapUsed - before) / kept.length;
}

const long = (n: number): string => String.fromCharCode(97 + (n % 26)).repeat(60_000);

describe('a text that was cut', () => {
  it.each([
    ['message', (text: string) => transactionRow({ message: text })],
    ['name', (text: string) => transactionRow({ payer: { key: AGENT, name: text } })],
    ['state', (text: string) => transactionRow({ state: text })],
  ])('does not keep the rest of its frame in memory: %s', (_what, rowOf) => {
    const frames = COUNTED.map((n) =>
      Buffer.from(JSON.stringify(eventFrame(n, { data: rowOf(long(n)) }))),
    );
    expect(keptBytesOf((n) => readFrame(frames[n] ?? Buffer.alloc(0)))).toBeLessThan(16_000);
  });

  it('does not keep the rest of a notice in memory', () => {
    const frames = COUNTED.map((n) =>
      Buffer.from(JSON.stringify(eventFrame(n, { type: 'notice', data: { words: long(n) } }))),
    );
    expect(keptBytesOf((n) => readFrame(frames[n] ?? Buffer.alloc(0)))).toBeLessThan(16_000);
  });

  it('reads as it stood, but for half a character at the cut', () => {
    expect(cutText('añ🦊 end', 100)).toBe('añ🦊 end');
    expect(cutText('añ🦊 end', 4)).toBe('añ🦊');
    expect(cutText('añ🦊 end', 3)).toBe('añ\uFFFD');
    expect(cutText('\uD83Ea', 2)).toBe('\uFFFDa');
    expect(cutText('\uD83Eab', 2)).toBe('\uFFFDa');
  });
});
