/**
 * The real service as a process of its own, with a fresh database; started, watched and stopped
 * here, never reached into.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { environment } from '../../src/env-schema';
import type { RunFolder } from './folder';
import { endLeftoverEngine } from './leftover-engine';
import { pause } from './pause';

export interface ServiceOptions {
  /** Where the built service stands, and `.cache` with what was fetched before. */
  readonly repository: string;
  readonly folder: Pick<RunFolder, 'path' | 'logPath'>;
  readonly provider: { readonly url: string; readonly token: string };
  /** What goes beyond the defaults. */
  readonly settings: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Told once, when a database engine has to be fetched first. */
  readonly onFetch: () => void;
  /** Told when the service ends by itself. */
  readonly onEnd: (fault: Error) => void;
}

export interface RunningService {
  readonly url: string;
  readonly metricsUrl: string;
  readonly adminKey: string;
}

export interface ServiceProcess {
  /** @throws when it does not listen in time, or the reason with which the signal aborts. */
  ready(): Promise<RunningService>;
  /** Idempotent; settles when the process is gone. */
  stop(): Promise<void>;
}

const POLL_MS = 100;
const FETCHES = /being (downloaded|installed)/;
/** Fetching an engine over a slow line is the longest that a start may take. */
const STARTS_WITHIN_MS = 15 * 60_000;
/** It promises 10 s. */
const STOPS_WITHIN_MS = 13_000;

export async function startService(options: ServiceOptions): Promise<ServiceProcess> {
  const { repository, folder } = options;
  const adminKey = `demo-${randomBytes(24).toString('base64url')}`;
  await mkdir(join(repository, '.cache'), { recursive: true });
  // It runs in its own folder, where no `.env` of a real service can reach it.
  await symlink(join(repository, '.cache'), join(folder.path, '.cache'));
  const log = openSync(folder.logPath, 'a', 0o600);
  const child = spawn(process.execPath, [join(repository, 'dist', 'main.js')], {
    cwd: folder.path,
    env: environmentOf(options, adminKey),
    stdio: ['ignore', log, log],
    // Out of reach of the terminal's Ctrl-C, so that everything is stopped in order.
    detached: true,
  });
  closeSync(log);
  let isStopping = false;
  const ended = untilEnded(child).then((how) => {
    if (isStopping) return;
    options.onEnd(new Error(`The service ended by itself (${how}). ${lastWords(folder.logPath)}`));
  });
  return {
    ready: () => untilListening(options, adminKey),
    async stop() {
      isStopping = true;
      if (isRunning(child)) child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN_MS);
      await ended;
      clearTimeout(timer);
      await endLeftoverEngine(dataDirIn(folder));
    },
  };
}

/** Nothing of a real service's settings: only the demo's own, and what the machine needs. */
function environmentOf(options: ServiceOptions, adminKey: string): NodeJS.ProcessEnv {
  const { folder, provider, settings } = options;
  const ours = new Set(Object.keys(environment.shape).filter((name) => name !== 'MONGOD_BINARY'));
  const machine = Object.entries(process.env).filter(([name]) => !ours.has(name));
  return {
    ...Object.fromEntries(machine),
    PORT: '0',
    METRICS_PORT: '0',
    DATA_DIR: dataDirIn(folder),
    PROVIDER_URL: provider.url,
    PROVIDER_TOKEN: provider.token,
    ADMIN_KEY: adminKey,
    SECRET_KEY: randomBytes(32).toString('base64'),
    ...settings,
  };
}

async function untilListening(
  { folder, signal, onFetch }: ServiceOptions,
  adminKey: string,
): Promise<RunningService> {
  const deadline = Date.now() + STARTS_WITHIN_MS;
  let isFetching = false;
  while (Date.now() < deadline) {
    const facts = readLines(folder.logPath).flatMap(factIn);
    if (!isFetching && facts.some(({ fact }) => FETCHES.test(fact))) {
      isFetching = true;
      onFetch();
    }
    const listening = facts.find(({ fact }) => fact === 'listening');
    if (listening !== undefined) {
      const { http, metrics } = listening;
      return { url: `http://${http}`, metricsUrl: `http://${metrics}`, adminKey };
    }
    await pause(POLL_MS, signal);
  }
  throw new Error(`The service has not started in time. ${lastWords(folder.logPath)}`);
}

interface Fact {
  readonly fact: string;
  readonly http?: string;
  readonly metrics?: string;
}

function factIn(line: string): Fact[] {
  return line.startsWith('{') ? [JSON.parse(line) as Fact] : [];
}

const dataDirIn = (folder: ServiceOptions['folder']): string => join(folder.path, 'data');

/** What it said to people stands beside the JSON lines; where it said nothing, its last facts. */
function lastWords(logPath: string): string {
  const lines = readLines(logPath);
  const words = lines.filter((line) => !line.startsWith('{') && line.trim() !== '');
  return words.slice(0, 12).join(' ') || lines.slice(-3).join(' ');
}

/** Whole lines only: the last one may still be written. */
function readLines(logPath: string): string[] {
  return readFileSync(logPath, 'utf8').split('\n').slice(0, -1);
}

async function untilEnded(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    return signal ?? `exit code ${code ?? 0}`;
  } catch (error) {
    return String(error);
  }
}

const isRunning = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null;
