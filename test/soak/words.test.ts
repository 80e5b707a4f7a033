import { FAULTS_ALONE } from '../../scripts/rehearsal/faults-alone';
import { readArguments } from '../../scripts/soak/arguments';
import type { SoakEnd } from '../../scripts/soak/play-run';
import { closingTable, runLines } from '../../scripts/soak/table';

const chance = (): number => 500;

const lawful: SoakEnd = {
  ...{
    faults: 'together',
    seed: 17,
    broken: [],
    weak: [],
    made: 40,
    credited: 40,
    twice: 0,
    lost: 0,
  },
  ...{ overdueWhilePaid: 0, leftToPeople: 2, resyncs: 1, tookMs: 48_200, logPath: null },
};
const broken: SoakEnd = {
  ...{
    ...lawful,
    faults: 'stall',
    seed: 18,
    credited: 39,
    lost: 1,
    broken: ['L$ 5 are credited 0 times, not 1.'],
  },
  logPath: 'soak-seed-18.log',
};

describe('what a soak is asked for', () => {
  it('is all faults together and then each alone, of twenty seeds that nobody has named', () => {
    const { runs, atOnce } = readArguments([], chance);
    expect(runs).toHaveLength(20 * (1 + FAULTS_ALONE.length));
    expect([runs[0], runs[19], runs[20], atOnce]).toEqual([
      { faults: 'together', seed: 500 },
      { faults: 'together', seed: 519 },
      { faults: 'stall', seed: 500 },
      2,
    ]);
  });

  it('may be a number of seeds, from one on, or some that are named', () => {
    const seedsOf = (...args: string[]): number[] =>
      readArguments(['--faults', 'together', ...args], chance).runs.map(({ seed }) => seed);
    expect(seedsOf('--seeds', '3', '--from', '7')).toEqual([7, 8, 9]);
    expect(seedsOf('--seed', '4', '--seed', '4')).toEqual([4]);
  });

  it('may be some faults alone', () => {
    const faultsOf = (...args: string[]): string[] =>
      readArguments(['--seed', '4', ...args], chance).runs.map(({ faults }) => faults);
    expect(faultsOf('--faults', 'stall', '--faults', 'drain')).toEqual(['stall', 'drain']);
    expect(faultsOf('--faults', 'alone')).toEqual(FAULTS_ALONE.map(({ fault }) => fault));
  });

  it.each([
    ['--faults', 'rain'],
    ['--seeds', '0'],
    ['--seed', 'x'],
    ['--at-once', '99'],
    ['--sede', '1'],
    ['7'],
  ])('is refused where it makes no sense: %s %s', (...args) => {
    expect(() => readArguments(args, chance)).toThrow();
  });
});

describe('what a soak says', () => {
  it('is one line for a run that kept the laws', () => {
    expect(runLines(lawful, { n: 1, of: 20 })).toEqual([
      '[ 1/20] all faults, seed 17: all laws kept ' +
        '(40 payments, 40 credited once, 2 left to people, 1 resyncs, 48 s)',
    ]);
  });

  it('names each broken law, the command that repeats the run, and where to read on', () => {
    const lines = runLines(broken, { n: 2, of: 20 }).join('\n');
    expect(lines).toContain('stall alone, seed 18: BROKEN');
    expect(lines).toContain('L$ 5 are credited 0 times, not 1.');
    expect(lines).toContain('npm run soak -- --faults stall --seed 18');
    expect(lines).toContain('soak-seed-18.log');
  });

  it('ends in a table of all runs, within 80 columns', () => {
    const lines = closingTable([lawful, broken], 20);
    const table = lines.join('\n');
    expect(table).toMatch(/runs played +2 of 20/);
    expect(table).toMatch(/payments made +80/);
    expect(table).toMatch(/lost +1\n/);
    expect(table).toMatch(/runs that broke a law +1\n/);
    expect(table).toContain('npm run soak -- --faults stall --seed 18');
    expect(table).not.toContain('--seed 17');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
