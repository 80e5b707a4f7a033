/** Where no fitting Python is installed, the tests of the scripts fail and say why. */
import { readdirSync } from 'node:fs';
import { clearScratch, scratchDir, scratchProgram } from '../support/scratch';
import { lummaoHome } from './lummao-home';

afterAll(() => clearScratch());

/** A program that says that it is this Python, and knows nothing else. */
const pythonOf = (version: string): string =>
  scratchProgram(
    ...([scratchDir(), 'python'] as const),
    `if [ "$1" = -c ]; then echo ${version}; else echo 'No module named pip'; exit 1; fi`,
  );

describe('a machine without a Python that lummao runs under', () => {
  it('is told which versions it needs and what it has', async () => {
    const newer = pythonOf('3.13');
    await expect(lummaoHome([newer, 'no-such-python'], scratchDir())).rejects.toThrow(
      /needs Python 3\.8 to 3\.12 with pip.*is 3\.13/,
    );
  });

  it('is told what pip said where that fails, and takes nothing half-done', async () => {
    const fitting = pythonOf('3.12');
    const cache = scratchDir();
    for (const _ of ['once', 'and again']) {
      await expect(lummaoHome([fitting], cache)).rejects.toThrow(/No module named pip/);
    }
    expect(readdirSync(cache)).toEqual([]);
  });
});
