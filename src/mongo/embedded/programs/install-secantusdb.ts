/** Gets SecantusDB from Python's package index by pip; runs its compiled server, never Python. */
import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EngineFault, type EngineProgram, type Surroundings } from '../engine';
import { runCommand, type Command } from '../processes/run-command';

/** The newest release whose wheel holds the compiled server. */
const VERSION = '0.6.0b17';
const FOLDER = 'secantusdb';
const INSTALL_MS = 5 * 60_000;
const PROBE_MS = 15_000;

/** The wheels of this release, by Node's platform and architecture. */
const WHEELS: Readonly<Record<string, string>> = {
  'linux-x64': 'manylinux_2_28_x86_64',
  'linux-arm64': 'manylinux_2_28_aarch64',
  'darwin-arm64': 'macosx_11_0_arm64',
};

export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** Python 3: a path, or a name on the PATH. */
  readonly python: string;
}

const THIS_MACHINE: Machine = {
  platform: process.platform,
  arch: process.arch,
  python: 'python3',
};

/**
 * The server, installed now or before. Call it under the lock of the cache directory; one that is
 * ended half-way leaves nothing that could be taken for an installation.
 * @throws EngineFault that says what to do.
 */
export async function installSecantusDb(
  near: Surroundings,
  cacheDir: string,
  machine: Machine = THIS_MACHINE,
): Promise<EngineProgram> {
  const root = resolve(cacheDir);
  const home = join(root, FOLDER);
  const path = serverIn(home);
  const program: EngineProgram = { kind: 'secantusdb', path, version: VERSION };
  if (await isInstalled(home)) return program;
  const wheel = wheelFor(machine);
  near.log.info('database engine SecantusDB is being installed', { version: VERSION, into: home });
  await clearPartials(root);
  const partial = join(root, `${FOLDER}.partial-${randomUUID()}`);
  try {
    await runPip(near, machine.python, wheel, partial);
    await probe(near, serverIn(partial));
    await rm(home, { recursive: true, force: true });
    await rename(partial, home);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return program;
}

/** The small script in `bin/` does not find the server under `--target`. */
const serverIn = (home: string): string => join(home, 'secantusdb.scripts', 'secantusd-rs');

async function isInstalled(home: string): Promise<boolean> {
  try {
    await access(join(home, `secantusdb-${VERSION}.dist-info`));
    await access(serverIn(home), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function wheelFor({ platform, arch }: Machine): string {
  const wheel = WHEELS[`${platform}-${arch}`];
  if (wheel !== undefined) return wheel;
  throw new EngineFault(
    `There is no SecantusDB for ${platform} on ${arch}. Set MONGODB_URI to a MongoDB, or ` +
      'MONGOD_BINARY to a mongod on this machine.',
  );
}

/** Naming Python's version and the platform makes the wheel right under every Python 3. */
async function runPip(
  { clock }: Surroundings,
  python: string,
  wheel: string,
  target: string,
): Promise<void> {
  const pip = ['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '--no-deps'];
  const choice = ['--only-binary=:all:', '--python-version', '3.11', '--platform', wheel];
  const args = [...pip, ...choice, '--target', target, `secantusdb==${VERSION}`];
  const command: Command = { program: python, args, timeoutMs: INSTALL_MS };
  const outcome = await runCommand(clock, command);
  if (outcome.kind === 'ended' && outcome.code === 0) return;
  if (outcome.kind === 'missing') throw new EngineFault(withoutPython('python3 is not installed'));
  if (/No module named '?pip/.test(outcome.output)) {
    throw new EngineFault(withoutPython('this python3 has no pip'));
  }
  const what =
    outcome.kind === 'timed-out' ? `took more than ${INSTALL_MS / 60_000} min` : 'failed';
  throw new EngineFault(
    `Installing SecantusDB with pip ${what}. Give pip a way to a package index, or set ` +
      `MONGODB_URI or MONGOD_BINARY. Its last words: ${outcome.output.trim().slice(-1_000)}`,
  );
}

function withoutPython(fault: string): string {
  return (
    `SecantusDB cannot be installed: ${fault}. Install Python 3 with pip (on Debian and Ubuntu: ` +
    'apt install python3-pip), or set MONGODB_URI to a MongoDB, or MONGOD_BINARY to a mongod on ' +
    'this machine.'
  );
}

async function probe({ clock }: Surroundings, path: string): Promise<void> {
  const args = ['--version'];
  const outcome = await runCommand(clock, { program: path, args, timeoutMs: PROBE_MS });
  if (outcome.kind === 'ended' && outcome.code === 0) return;
  const said = outcome.kind === 'missing' ? outcome.fault : outcome.output.trim();
  throw new EngineFault(
    'SecantusDB is installed and does not run on this machine (it needs glibc 2.28 or later, or ' +
      `macOS 11). Set MONGODB_URI or MONGOD_BINARY. Its last words: ${said.slice(-500)}`,
  );
}

async function clearPartials(root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const name of await readdir(root)) {
    if (name.startsWith(`${FOLDER}.partial-`)) await rm(join(root, name), { recursive: true });
  }
}
