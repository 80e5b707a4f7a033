import { readArguments } from '../../scripts/soak/arguments';
import type { SeedEnd } from '../../scripts/soak/play-seed';
import { closingTable, seedLines } from '../../scripts/soak/table';

const chance = (): number => 500;

const lawful: SeedEnd = {
  ...{ seed: 17, broken: [], weak: [], made: 40, credited: 40, twice: 0, lost: 0 },
  ...{ overdueWhilePaid: 0, leftToPeople: 2, resyncs: 1, tookMs: 48_200, logPath: null },
};
const broken: SeedEnd = {
  ...{ ...lawful, seed: 18, credited: 39, lost: 1, broken: ['L$ 5 are credited 0 times, not 1.'] },
  logPath: 'soak-seed-18.log',
};

describe('what a soak is asked for', () => {
  it('is twenty seeds that nobody has named, two at once', () => {
    const { seeds, atOnce } = readArguments([], chance);
    expect([seeds.length, seeds[0], seeds[19], atOnce]).toEqual([20, 500, 519, 2]);
  });

  it('may be a number of seeds, from one on, or some that are named', () => {
    expect(readArguments(['--seeds', '3', '--from', '7'], chance).seeds).toEqual([7, 8, 9]);
    expect(readArguments(['--seed', '4', '--seed', '4'], chance).seeds).toEqual([4]);
  });

  it.each([['--seeds', '0'], ['--seed', 'x'], ['--at-once', '99'], ['--sede', '1'], ['7']])(
    'is refused where it makes no sense: %s %s',
    (...args) => {
      expect(() => readArguments(args, chance)).toThrow();
    },
  );
});

describe('what a soak says', () => {
  it('is one line for a seed that kept the laws', () => {
    expect(seedLines(lawful, { n: 1, of: 20 })).toEqual([
      '[ 1/20] seed 17: all laws kept ' +
        '(40 payments, 40 credited once, 2 left to people, 1 resyncs, 48 s)',
    ]);
  });

  it('names each broken law, the command that repeats the seed, and where to read on', () => {
    const lines = seedLines(broken, { n: 2, of: 20 }).join('\n');
    expect(lines).toContain('seed 18: BROKEN');
    expect(lines).toContain('L$ 5 are credited 0 times, not 1.');
    expect(lines).toContain('npm run soak -- --seed 18');
    expect(lines).toContain('soak-seed-18.log');
  });

  it('ends in a table of all seeds, within 80 columns', () => {
    const lines = closingTable([lawful, broken], 20);
    const table = lines.join('\n');
    expect(table).toMatch(/seeds played +2 of 20/);
    expect(table).toMatch(/payments made +80/);
    expect(table).toMatch(/lost +1\n/);
    expect(table).toMatch(/seeds that broke a law +1\n/);
    expect(table).toContain('npm run soak -- --seed 18');
    expect(table).not.toContain('--seed 17');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
