/**
 * Installs lummao, which runs LSL outside the grid, once into `.cache/`; nothing else of Python's
 * is touched, and no part of the service uses it.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { realClock } from '../../src/jobs/real-clock';
import { underLock } from '../../src/mongo/embedded/processes/file-lock';
import { runCommand } from '../../src/mongo/embedded/processes/run-command';
import { LUMMAO, PINS } from './lummao-pins';

export interface LummaoHome {
  /** The Python that it was installed for: a name on the PATH. */
  readonly python: string;
  /** What PYTHONPATH must hold. */
  readonly packages: string;
}

const CACHE = resolve(__dirname, '..', '..', '.cache');
const PROBE_MS = 15_000;
const INSTALL_MS = 4 * 60_000;
/** Tried in this order; the first that lummao runs under is taken. */
const CANDIDATES = [
  ...['python3', 'python3.12', 'python3.11', 'python3.10', 'python3.9', 'python3.8', 'python'],
];
const TELLS_VERSION = 'import sys; print("%d.%d" % sys.version_info[:2])';

/**
 * lummao, installed now or before, whichever test process comes first.
 * @param candidates names of Python programs, in the order in which they are tried.
 * @throws Error that says what to do, where no fitting Python is found or pip fails.
 */
export async function lummaoHome(
  candidates: readonly string[] = CANDIDATES,
  cacheDir = CACHE,
): Promise<LummaoHome> {
  const { python, version } = await findPython(candidates);
  const packages = join(cacheDir, `lummao-${LUMMAO}-python-${version}`);
  if (existsSync(packages)) return { python, packages };
  await underLock(
    realClock,
    { path: `${packages}.lock`, waitMs: INSTALL_MS, purpose: 'installing lummao' },
    async () => {
      if (!existsSync(packages)) await install(python, PINS[version] ?? [], packages);
    },
  );
  return { python, packages };
}

async function findPython(
  candidates: readonly string[],
): Promise<{ readonly python: string; readonly version: string }> {
  const seen: string[] = [];
  for (const python of candidates) {
    const version = await versionOf(python);
    if (version === null) continue;
    if (version in PINS) return { python, version };
    seen.push(`${python} is ${version}`);
  }
  throw new Error(
    'The in-world scripts cannot be run: lummao needs Python 3.8 to 3.12 with pip, and of ' +
      `${candidates.join(', ')} none is one (${seen.join(', ') || 'none is installed'}). Install ` +
      'one, under its own name beside others (on Debian and Ubuntu: apt install python3.11).',
  );
}

async function versionOf(python: string): Promise<string | null> {
  const asked = await runCommand(realClock, {
    ...{ program: python, args: ['-c', TELLS_VERSION], timeoutMs: PROBE_MS },
  });
  if (asked.kind !== 'ended' || asked.code !== 0) return null;
  return /^\d+\.\d+$/m.exec(asked.output)?.[0] ?? null;
}

/** What a run that was ended left behind can never be taken for an installation. */
async function install(python: string, pins: readonly string[], target: string): Promise<void> {
  const partial = `${target}.partial-${randomUUID()}`;
  await mkdir(partial, { recursive: true });
  const pip = ['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '--no-deps'];
  const args = [...pip, '--quiet', '--target', partial, ...pins];
  try {
    const outcome = await runCommand(realClock, { program: python, args, timeoutMs: INSTALL_MS });
    if (outcome.kind !== 'ended' || outcome.code !== 0) {
      const said = outcome.kind === 'missing' ? outcome.fault : outcome.output.trim();
      throw new Error(
        `lummao ${LUMMAO} could not be installed by ${python} -m pip (${outcome.kind}). Give ` +
          `pip a way to a package index. Its last words: ${said.slice(-1_000)}`,
      );
    }
    await rename(partial, target);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
