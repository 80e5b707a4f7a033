/** What a database engine is to the rest of the service: where it answers and how it is let go. */
import type { Clock } from '../../flows/ports/clock';
import type { Log } from '../../flows/ports/log-port';

export type EngineKind = 'external' | 'mongod' | 'secantusdb';

export interface EngineInfo {
  readonly kind: EngineKind;
  /** The server's own version, or `unknown` where it did not answer at the start. */
  readonly version: string;
  /** One sentence for people: where it comes from, and what it is fit for. */
  readonly note: string;
}

export interface Engine {
  /** Holds credentials where MONGODB_URI does: never log it. */
  readonly uri: string;
  readonly engine: EngineInfo;
  /**
   * Lets the engine go: the last service process that uses an embedded engine ends it, within
   * `stopMs` and a little; an external one is left alone. Idempotent; never throws.
   */
  stop(): Promise<void>;
}

export interface EngineTimeouts {
  /** For an engine to answer after its process has started, recovery after a crash included. */
  readonly startMs: number;
  /** For an engine that was found running to answer; then it counts as hung, and is replaced. */
  readonly adoptMs: number;
  /** For an engine to end after SIGTERM; then it is killed, which loses nothing acknowledged. */
  readonly stopMs: number;
  /** For one question to an engine. */
  readonly answerMs: number;
  /** Between two looks at whether the engine still lives. */
  readonly lookMs: number;
}

export const ENGINE_TIMEOUTS: EngineTimeouts = {
  startMs: 120_000,
  adoptMs: 15_000,
  stopMs: 5_000,
  answerMs: 3_000,
  lookMs: 1_000,
};

/** An engine that this service runs itself. */
export interface EngineProgram {
  readonly kind: Exclude<EngineKind, 'external'>;
  readonly path: string;
  readonly version: string;
}

/** What all parts of the embedded engine are handed. */
export interface Surroundings {
  readonly clock: Clock;
  readonly log: Log;
}

/** No engine could be had, or it is at fault; `message` says what a person can do. */
export class EngineFault extends Error {
  override readonly name = 'EngineFault';
}

const NOTES: Readonly<Record<EngineKind, string>> = {
  external: 'The database that MONGODB_URI names.',
  mongod: 'A MongoDB server of one member, run by this service on this machine.',
  secantusdb:
    'SecantusDB, for evaluation, development and tests only; set MONGODB_URI or MONGOD_BINARY to ' +
    'a real MongoDB for anything that matters.',
};

export function engineInfo(kind: EngineKind, version: string): EngineInfo {
  return { kind, version, note: NOTES[kind] };
}
