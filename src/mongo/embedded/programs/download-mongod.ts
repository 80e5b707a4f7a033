/** Gets the official server by mongodb-memory-server-core; remembers for a day that it failed. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { sleep } from '../../../flows/ports/clock';
import type { EngineProgram, Surroundings } from '../engine';
import { DOWNLOADED, downloadedMongod } from './find-mongod';
import { runCommand, type Command, type CommandOutcome } from '../processes/run-command';

export type Download =
  | { readonly kind: 'got'; readonly program: EngineProgram }
  | { readonly kind: 'failed'; readonly why: string };

/** Puts a server into `folder`; a time-out or a word of what went wrong otherwise. */
export type FetchMongod = (near: Surroundings, folder: string) => Promise<CommandOutcome>;

const DAY_MS = 86_400_000;
const DOWNLOAD_MS = 10 * 60_000;
/** No byte by then: there is no way to the server. */
const FIRST_BYTE_MS = 20_000;
const POLL_MS = 500;
const REMEMBERED = 'mongod-download-failed.json';

const failureShape = z.object({ at: z.number(), why: z.string() });

/** Call it under the lock of the cache directory. Never throws for a failed download. */
export async function downloadMongod(
  near: Surroundings,
  cacheDir: string,
  fetchMongod: FetchMongod = fetchOfficial,
): Promise<Download> {
  const root = resolve(cacheDir);
  const earlier = await downloadedMongod(near, root);
  if (earlier !== null) return { kind: 'got', program: earlier };
  const remembered = await readFailure(root);
  const ageMs = near.clock.now() - (remembered?.at ?? 0);
  if (remembered !== null && ageMs >= 0 && ageMs < DAY_MS) {
    return { kind: 'failed', why: `${remembered.why}; it is tried again a day after that` };
  }
  near.log.info('official MongoDB server is being downloaded', { into: root });
  const why = await fetchInto(near, root, fetchMongod);
  const program = why === null ? await downloadedMongod(near, root) : null;
  if (program !== null) {
    await rm(join(root, REMEMBERED), { force: true });
    return { kind: 'got', program };
  }
  const failure = { at: near.clock.now(), why: why ?? 'the downloaded server does not run here' };
  await writeFile(join(root, REMEMBERED), JSON.stringify(failure));
  near.log.warn('official MongoDB server could not be had', { why: failure.why });
  return { kind: 'failed', why: failure.why };
}

/** Null when it worked. What is half-done stays apart, and is cleared away by the next try. */
async function fetchInto(
  near: Surroundings,
  root: string,
  fetchMongod: FetchMongod,
): Promise<string | null> {
  await mkdir(root, { recursive: true });
  for (const name of await readdir(root)) {
    if (name.startsWith(`${DOWNLOADED}.partial-`)) await rm(join(root, name), { recursive: true });
  }
  const partial = join(root, `${DOWNLOADED}.partial-${randomUUID()}`);
  await mkdir(partial);
  const outcome = await fetchMongod(near, partial);
  if (outcome.kind === 'ended' && outcome.code === 0) {
    await rm(join(root, DOWNLOADED), { recursive: true, force: true });
    await rename(partial, join(root, DOWNLOADED));
    return null;
  }
  await rm(partial, { recursive: true, force: true });
  return faultOf(outcome);
}

function faultOf(outcome: CommandOutcome): string {
  if (outcome.kind === 'missing') return outcome.fault;
  if (outcome.kind === 'timed-out') return 'the download did not come through in time';
  return outcome.output.trim().split('\n').at(-1)?.slice(0, 300) ?? 'the download failed';
}

/** Runs in a process of its own, because the library cannot be told to stop. */
const PROGRAM = `
const { MongoBinary, DryMongoBinary } = require(process.argv[1]);
DryMongoBinary.generateOptions({ downloadDir: process.argv[2] })
  .then((options) => MongoBinary.download({ ...options, downloadDir: process.argv[2] }))
  .catch((error) => {
    console.error(String(error.message).split(/\\s+/).join(' '));
    process.exit(1);
  });
`;

/** Without the first, the library accepts any certificate for a program that we then run. */
const SETTINGS = 'npm_config_strict_ssl=true\nMONGOMS_MAX_RETRIES=2\n';

async function fetchOfficial(near: Surroundings, folder: string): Promise<CommandOutcome> {
  const settings = join(folder, 'settings.env');
  await writeFile(settings, SETTINGS);
  const library = require.resolve('mongodb-memory-server-core');
  const command: Command = {
    program: process.execPath,
    args: [`--env-file=${settings}`, '-e', PROGRAM, library, folder],
    timeoutMs: DOWNLOAD_MS,
  };
  const tooLong = new AbortController();
  const done = new AbortController();
  const running = runCommand(near.clock, command, tooLong.signal).finally(() => done.abort());
  await sleep(near.clock, FIRST_BYTE_MS, done.signal);
  if (!done.signal.aborted && !(await hasBegun(folder))) tooLong.abort();
  while (!done.signal.aborted) await sleep(near.clock, POLL_MS, done.signal);
  return running;
}

async function hasBegun(folder: string): Promise<boolean> {
  for (const name of await readdir(folder)) {
    if (/\.(downloading|tgz|zip)$/.test(name) && (await stat(join(folder, name))).size > 0) {
      return true;
    }
  }
  return false;
}

async function readFailure(root: string): Promise<z.infer<typeof failureShape> | null> {
  try {
    return failureShape.parse(JSON.parse(await readFile(join(root, REMEMBERED), 'utf8')));
  } catch {
    return null;
  }
}
