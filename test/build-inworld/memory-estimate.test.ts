/** The estimate of a script's memory. */
import { estimateMemory, MEMORY_BYTES } from '../../scripts/build-inworld/memory-estimate';

const FUNCTION = 'f(integer a) {\n    llOwnerSay((string)(a + 1));\n}\n';
const EMPTY = 'default {\n    state_entry() {\n    }\n}\n';

describe('the estimate of a script’s memory', () => {
  it('comes in whole blocks of the grid', () => {
    expect(estimateMemory(EMPTY).codeBytes % 512).toBe(0);
  });

  it('leaves room for data beside the code', () => {
    const { codeBytes, dataBytes, totalBytes } = estimateMemory(EMPTY);
    expect(dataBytes).toBeGreaterThan(0);
    expect(totalBytes).toBe(codeBytes + dataBytes);
  });

  it('grows with each function', () => {
    const few = estimateMemory(FUNCTION.repeat(10) + EMPTY).codeBytes;
    const many = estimateMemory(FUNCTION.repeat(100) + EMPTY).codeBytes;
    expect(many - few).toBeGreaterThan(90 * 64);
  });

  it('counts a character twice, and equal strings once', () => {
    const text = (count: number): string => `f() {\n    g("${'x'.repeat(count)}");\n}\n`;
    const [short, long] = [estimateMemory(text(1_000)), estimateMemory(text(2_024))];
    expect(long.codeBytes - short.codeBytes).toBe(2_048);
    const same = `string a = "${'x'.repeat(1_000)}";\n`;
    const twice = estimateMemory(same.repeat(2)).codeBytes - estimateMemory(same).codeBytes;
    expect(twice).toBeLessThan(1_000);
  });

  it('finds that a script of thousands of words does not fit', () => {
    expect(estimateMemory('a = b + c;\n'.repeat(5_000)).totalBytes).toBeGreaterThan(MEMORY_BYTES);
  });
});
