/** Checks the installation of SecantusDB; scripts stand in for python3, and fetch nothing. */
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { realClock } from '../../../src/jobs/real-clock';
import {
  installSecantusDb,
  type Machine,
} from '../../../src/mongo/embedded/programs/install-secantusdb';
import { quietLog } from '../../support/quiet-log';
import { clearScratch, scratchDir, scratchProgram } from '../../support/scratch';

const near = { clock: realClock, log: quietLog };

/** Keeps its arguments in `calls`, and puts a server where `--target` says, as pip would. */
const PIP_WORKS = [
  'here=$(dirname "$0"); echo "$@" >> "$here/calls"',
  'while [ "$1" != --target ]; do shift; done',
  'mkdir -p "$2/secantusdb.scripts" "$2/secantusdb-0.6.0b17.dist-info"',
  'server="$2/secantusdb.scripts/secantusd-rs"',
  `printf '#!/bin/sh\\nexit 0\\n' > "$server"`,
  'chmod +x "$server"',
];

afterAll(clearScratch);

describe('the installation of SecantusDB', () => {
  it('asks pip for the one release with the compiled server, for this machine', async () => {
    const { machine, cacheDir, calls } = newMachine(PIP_WORKS);
    const program = await installSecantusDb(near, cacheDir, machine);
    expect(program).toEqual({
      kind: 'secantusdb',
      version: '0.6.0b17',
      path: join(cacheDir, 'secantusdb', 'secantusdb.scripts', 'secantusd-rs'),
    });
    expect(calls()).toHaveLength(1);
    expect(calls()[0]).toMatch(
      new RegExp(
        '^-m pip install .*--no-deps --only-binary=:all: --python-version 3.11 ' +
          '--platform manylinux_2_28_aarch64 --target \\S+ secantusdb==0.6.0b17$',
      ),
    );
    expect(readdirSync(cacheDir)).toEqual(['secantusdb']);
  });

  it('installs once', async () => {
    const { machine, cacheDir, calls } = newMachine(PIP_WORKS);
    await installSecantusDb(near, cacheDir, machine);
    await installSecantusDb(near, cacheDir, machine);
    expect(calls()).toHaveLength(1);
  });

  it('replaces an installation that is broken, and clears away what was cut short', async () => {
    const { machine, cacheDir } = newMachine(PIP_WORKS);
    const { path } = await installSecantusDb(near, cacheDir, machine);
    chmodSync(path, 0o644);
    mkdirSync(join(cacheDir, 'secantusdb.partial-1'));
    await installSecantusDb(near, cacheDir, machine);
    expect(() => readFileSync(path)).not.toThrow();
    expect(readdirSync(cacheDir)).toEqual(['secantusdb']);
  });

  it('says what to do when there is no Python', async () => {
    const { machine, cacheDir } = newMachine(PIP_WORKS);
    const without = { ...machine, python: join(cacheDir, 'no-python') };
    await expect(installSecantusDb(near, cacheDir, without)).rejects.toThrow(
      /python3 is not installed.* apt install python3-pip.* MONGODB_URI .* MONGOD_BINARY/,
    );
  });

  it('says what to do when Python has no pip', async () => {
    const { machine, cacheDir } = newMachine([
      'echo "/usr/bin/python3: No module named pip" >&2; exit 1',
    ]);
    await expect(installSecantusDb(near, cacheDir, machine)).rejects.toThrow(
      /this python3 has no pip.* apt install python3-pip/,
    );
  });

  it('passes on what pip says when it fails, and leaves nothing behind', async () => {
    const { machine, cacheDir } = newMachine(['echo "Could not connect" >&2; exit 1']);
    await expect(installSecantusDb(near, cacheDir, machine)).rejects.toThrow(
      /with pip failed.*Could not connect/,
    );
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  it('does not take a server that cannot run here for an installation', async () => {
    const { machine, cacheDir } = newMachine([
      ...PIP_WORKS,
      `printf '#!/bin/sh\\nexit 1\\n' > "$server"`,
    ]);
    await expect(installSecantusDb(near, cacheDir, machine)).rejects.toThrow(
      'does not run on this machine',
    );
    expect(existsSync(join(cacheDir, 'secantusdb'))).toBe(false);
  });

  it('says so where there is no build for the machine', async () => {
    const { machine, cacheDir } = newMachine(PIP_WORKS);
    const exotic = { ...machine, platform: 'freebsd' };
    await expect(installSecantusDb(near, cacheDir, exotic)).rejects.toThrow(
      'no SecantusDB for freebsd on arm64',
    );
  });
});

function newMachine(python: readonly string[]) {
  const home = scratchDir();
  const machine: Machine = {
    platform: 'linux',
    arch: 'arm64',
    python: scratchProgram(home, 'python3', ...python),
  };
  return {
    machine,
    cacheDir: scratchDir(),
    calls: () => readFileSync(join(home, 'calls'), 'utf8').trim().split('\n'),
  };
}
