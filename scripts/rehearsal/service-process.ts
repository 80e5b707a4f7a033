/**
 * The built service as processes of its own: starts them, reads what they log, ends those it
 * started.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { startFlags } from '../start-flags';
import { until } from './until';

const ROOT = resolve(__dirname, '..', '..');
const MAIN = join(ROOT, 'dist', 'main.js');
/** Ten seconds from its start, and as much again for a machine that is busy with other tests. */
const STARTS_WITHIN_MS = 30_000;
const ENDS_WITHIN_MS = 15_000;
const MOST_LINES = 20_000;

const Line = z.looseObject({ level: z.string(), fact: z.string() });
export type ServiceLine = z.output<typeof Line>;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ServiceProcess {
  /** Where it listens. Throws before it does. */
  readonly url: string;
  readonly metricsUrl: string;
  readonly pid: number;
  /** What it has logged, the latest 20,000 lines. */
  readonly lines: readonly ServiceLine[];
  /** Everything on its standard error. */
  readonly complaint: () => string;
  said(fact: string): ServiceLine | undefined;
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** Settles when it has ended, by whatever. */
  readonly ended: Promise<Ended>;
}

export type ServiceEnv = Readonly<Record<string, string>>;

const running = new Set<ServiceProcess>();

/** Starts a process in a directory of its own in `folder`, and waits until it listens. */
export async function startService(env: ServiceEnv, folder: string): Promise<ServiceProcess> {
  const service = launchService(env, folder);
  await until(
    `the service listens: ${JSON.stringify(service.lines.at(-1) ?? null)}`,
    () => {
      if (service.isRunning()) return service.said('listening') !== undefined;
      throw new Error(`It has ended: ${service.complaint()}`);
    },
    STARTS_WITHIN_MS,
  ).catch((error: unknown) => {
    throw new Error(`The service did not start. ${service.complaint()}`, { cause: error });
  });
  return service;
}

/** Starts a process and waits for nothing. */
export function launchService(env: ServiceEnv, folder: string): ServiceProcess {
  if (!existsSync(MAIN)) throw new Error('There is no dist/main.js: run `npm run build` first.');
  const child = spawn(process.execPath, [...startFlags(), MAIN], {
    cwd: ownDirectory(folder),
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const service = follow(child);
  running.add(service);
  void service.ended.then(() => running.delete(service));
  return service;
}

/** Call it at the end: whatever a run has left running is killed, by its own id. */
export async function killServices(): Promise<void> {
  for (const service of running) service.signal('SIGKILL');
  await Promise.all([...running].map((service) => service.ended));
}

/** Settles when it has ended after `signal`. */
export async function endService(
  service: ServiceProcess,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<Ended> {
  service.signal(signal);
  await until(`the service ends after ${signal}`, () => !service.isRunning(), ENDS_WITHIN_MS);
  return service.ended;
}

function follow(child: ChildProcess): ServiceProcess {
  const lines: ServiceLine[] = [];
  const facts = new Map<string, ServiceLine>();
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  createInterface({ input: child.stdout! }).on('line', (text) => {
    const line = readLine(text);
    if (line === null) return;
    if (lines.length === MOST_LINES) lines.shift();
    lines.push(line);
    facts.set(line.fact, line);
  });
  const ended = new Promise<Ended>((settle) => {
    child.once('close', (code, signal) => settle({ code, signal }));
  });
  const addressOf = (door: 'http' | 'metrics'): string => {
    const address = facts.get('listening')?.[door];
    if (typeof address !== 'string') throw new Error('The service does not listen yet.');
    return `http://${address}`;
  };
  return {
    get url() {
      return addressOf('http');
    },
    get metricsUrl() {
      return addressOf('metrics');
    },
    pid: child.pid ?? 0,
    lines,
    complaint: () => complaint,
    said: (fact) => facts.get(fact),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    signal: (signal) => void child.kill(signal),
    ended,
  };
}

/** One that holds no `.env` of the developer, and finds the engines that this checkout has. */
function ownDirectory(folder: string): string {
  const dir = mkdtempSync(join(folder, 'service-'));
  const cache = join(ROOT, '.cache');
  mkdirSync(cache, { recursive: true });
  symlinkSync(cache, join(dir, '.cache'));
  return dir;
}

function readLine(text: string): ServiceLine | null {
  try {
    return Line.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
