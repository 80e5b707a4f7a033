/** The scripts that are built, and the check of what the repository keeps of them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildScripts,
  builtScript,
  MOST_SOURCE_BYTES,
  SCRIPT_NAMES,
} from '../../scripts/build-inworld/build-scripts';
import { compareBuilt } from '../../scripts/build-inworld/compare-built';
import { reportOf } from '../../scripts/build-inworld/report';
import { writeBuilt } from '../../scripts/build-inworld/write-built';

const ROOT = join(__dirname, '..', '..');
const scripts = buildScripts(join(ROOT, 'scripts', 'inworld'));

describe('the scripts that estates paste', () => {
  it('are the same in the repository as the sources give', () => {
    expect(compareBuilt(join(ROOT, 'dist', 'inworld'), scripts)).toEqual([]);
  });

  it.each(SCRIPT_NAMES)('%s fits the grid, and holds the protocol once', (name) => {
    const script = scripts.find((one) => one.name === name);
    expect(script?.faults).toEqual([]);
    expect(script?.text.split('string callSignature(')).toHaveLength(2);
    expect(script?.text).not.toMatch(/#include|^\s*\/\//m);
  });

  it('pass the check that is run from the command line, which reports on each', () => {
    const program = ['--import', 'tsx', join('scripts', 'build-inworld.ts'), '--check'];
    const ran = spawnSync(process.execPath, program, { cwd: ROOT, encoding: 'utf8' });
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    for (const name of SCRIPT_NAMES) expect(ran.stdout).toContain(`${name}: `);
  });

  it('say how much memory they may take, and that this is an estimate', () => {
    for (const script of scripts) expect(reportOf(script)).toMatch(/memory about [\d.]+.*estimate/);
  });
});

describe('the limits of a script', () => {
  it('counts bytes, not characters', () => {
    expect(builtScript('a.lsl', 'string a = "é★";').bytes).toBe(20);
  });

  it('refuses a source that is too long to paste', () => {
    const long = `string a = "${'x'.repeat(MOST_SOURCE_BYTES)}";`;
    expect(builtScript('a.lsl', long).faults).toEqual(
      expect.arrayContaining([expect.stringContaining('bytes of source')]),
    );
  });

  it('does not count comments', () => {
    const source = `// ${'x'.repeat(MOST_SOURCE_BYTES)}\ninteger a = 1;`;
    expect(builtScript('a.lsl', source).faults).toEqual([]);
  });

  it('refuses one that would not fit into the memory of a script', () => {
    const source = 'a = b + c;\n'.repeat(5_000);
    expect(builtScript('a.lsl', source).faults.join(' ')).toContain('of memory');
  });
});

describe('the check of what was built', () => {
  const folder = mkdtempSync(join(tmpdir(), 'built-'));
  const made = [
    { name: 'tierbox.lsl', text: 'one\n' },
    { name: 'relay.lsl', text: 'two\n' },
  ];
  beforeEach(() => writeBuilt(folder, made));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('finds nothing where all is as written', () => {
    expect(compareBuilt(folder, made)).toEqual([]);
  });

  it('names the script that differs, and what to run', () => {
    writeFileSync(join(folder, 'relay.lsl'), 'two!\n');
    const [fault] = compareBuilt(folder, made);
    expect(fault).toMatch(/relay\.lsl differs .*npm run build:inworld/);
  });

  it('names a script that was never built', () => {
    expect(compareBuilt(join(folder, 'nowhere'), made)).toHaveLength(2);
  });

  it('names a file that comes from no source', () => {
    writeFileSync(join(folder, 'stranger.lsl'), '');
    expect(compareBuilt(folder, made)[0]).toContain('stranger.lsl comes from no source');
    rmSync(join(folder, 'stranger.lsl'));
  });
});
