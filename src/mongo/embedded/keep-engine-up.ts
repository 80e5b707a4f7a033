/** Watches an engine and starts it again on the same port when it dies; never judges slowness. */
import { sleep } from '../../flows/ports/clock';
import type { DataPlaces } from './data-places';
import { EngineFault, type EngineTimeouts, type Surroundings } from './engine';
import { boundEngineLog } from './engine-log';
import { underLock } from './processes/file-lock';
import { findRunning } from './find-running';
import { launchEngine, type RunningEngine } from './launch-engine';
import { isAlive } from './processes/process-table';

export interface Watch {
  /** Ends the watch, and calls off a restart under way. */
  stop(): Promise<void>;
}

export interface WatchInput {
  readonly places: DataPlaces;
  readonly timeouts: EngineTimeouts;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** An engine that has lived this long is in health: the next restart comes quickly again. */
const HEALTHY_MS = 60_000;
const LOG_LOOK_MS = 60_000;

/** Every process that uses the engine watches it; whoever sees its death first restarts it. */
export function keepEngineUp(near: Surroundings, input: WatchInput, engine: RunningEngine): Watch {
  const over = new AbortController();
  let current: RunningEngine | null = engine;
  const loop = async (): Promise<void> => {
    let pauseMs = 0;
    while (!over.signal.aborted) {
      const since = near.clock.now();
      await untilDead(near, input, current ?? engine, over.signal);
      if (over.signal.aborted) return;
      near.log.error('database engine died', { pid: current?.mark.pid, port: engine.port });
      current = null;
      if (near.clock.now() - since > HEALTHY_MS) pauseMs = 0;
      do {
        await sleep(near.clock, pauseMs, over.signal);
        pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pauseMs * 2));
        current = await restart(near, input, engine, over.signal);
      } while (current === null && !over.signal.aborted);
    }
  };
  const running = loop().catch((error: unknown) => {
    near.log.error('watch over the database engine ended', { error });
  });
  return {
    async stop() {
      over.abort();
      await running;
    },
  };
}

async function untilDead(
  { clock, log }: Surroundings,
  { places, timeouts }: WatchInput,
  { child, mark }: RunningEngine,
  signal: AbortSignal,
): Promise<void> {
  const exit = new AbortController();
  const wake = (): void => exit.abort();
  signal.addEventListener('abort', wake, { once: true });
  child?.once('exit', wake);
  let logLookAt = clock.now() + LOG_LOOK_MS;
  while (!signal.aborted && (await isAlive(clock, mark))) {
    await sleep(clock, timeouts.lookMs, exit.signal);
    if (clock.now() < logLookAt) continue;
    logLookAt = clock.now() + LOG_LOOK_MS;
    await boundEngineLog(places.log).catch((error: unknown) => {
      log.warn('engine log could not be shortened', { error });
    });
  }
  signal.removeEventListener('abort', wake);
  child?.off('exit', wake);
}

/** Null when it failed; the fault is logged. */
async function restart(
  near: Surroundings,
  { places, timeouts }: WatchInput,
  { program, port }: RunningEngine,
  signal: AbortSignal,
): Promise<RunningEngine | null> {
  if (signal.aborted) return null;
  const purpose = 'starting the database engine';
  const lock = { path: places.lock, waitMs: timeouts.startMs, purpose, signal };
  const startedAt = near.clock.now();
  try {
    const engine = await underLock(near.clock, lock, async () => {
      const found = await findRunning(near, { places, timeouts, signal });
      if (found === null) return launchEngine(near, { program, places, port, timeouts, signal });
      if (found.port === port) return found;
      throw new EngineFault('Another process has started the engine on another port.');
    });
    const tookMs = near.clock.now() - startedAt;
    near.log.info('database engine restarted', { pid: engine.mark.pid, port, tookMs });
    return engine;
  } catch (error) {
    if (!signal.aborted) near.log.error('database engine could not be restarted', { port, error });
    return null;
  }
}
