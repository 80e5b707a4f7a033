/** Whether this process can do its work, part by part; a provider that is down is no part of it. */
import { SWEEP_KINDS, type Sweep, type SweepKind, type SweepStatus } from '../domain/sweep';
import type { Instant } from '../domain/time';
import { sleep, type Clock } from './ports/clock';
import type { StreamState } from './ports/metrics-port';
import type { FollowerStore, SweepStore } from './ports/upkeep-ports';

export interface ReadinessDeps {
  readonly database: {
    /** Which engine runs, for people: `mongod 8.0`, `secantusdb 0.6 (for evaluation …)`. */
    readonly engine: string;
    /** False when it does not answer in time; never throws. */
    ping(timeoutMs: number): Promise<boolean>;
  };
  /** Of this process; another one may follow the stream. */
  readonly streamState: () => StreamState;
  readonly follower: Pick<FollowerStore, 'read'>;
  readonly sweeps: Pick<SweepStore, 'latest'>;
  readonly clock: Clock;
}

export interface Readiness {
  readonly status: 'ready' | 'not-ready';
  readonly database: { readonly ok: boolean; readonly engine: string };
  readonly stream: { readonly state: StreamState; readonly horizon: Instant | null };
  /** The latest run of each kind; null where there was none, or it could not be read. */
  readonly sweeps: Readonly<Record<SweepKind, LatestSweep | null>>;
}

export interface LatestSweep {
  readonly status: SweepStatus;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
}

const PING_WITHIN_MS = 1_500;
const READ_WITHIN_MS = 1_500;

/** Ready = the database answers: payments are taken in, whatever else is down. Always ends. */
export async function checkReadiness(deps: ReadinessDeps): Promise<Readiness> {
  const { database, clock } = deps;
  const ok = await database.ping(PING_WITHIN_MS);
  const [horizon, ...latest] = ok
    ? await Promise.all([
        within(clock, async () => (await deps.follower.read()).horizon),
        ...SWEEP_KINDS.map((kind) => within(clock, () => deps.sweeps.latest(kind))),
      ])
    : [null];
  const sweeps = SWEEP_KINDS.map((kind, index) => [kind, shown(latest[index] ?? null)] as const);
  return {
    status: ok ? 'ready' : 'not-ready',
    database: { ok, engine: database.engine },
    stream: { state: deps.streamState(), horizon },
    sweeps: Object.fromEntries(sweeps) as Record<SweepKind, LatestSweep | null>,
  };
}

/** Null where it fails or takes too long: an answer about health must not wait. */
async function within<Value>(
  clock: Clock,
  read: () => Promise<Value | null>,
): Promise<Value | null> {
  const abort = new AbortController();
  const late = sleep(clock, READ_WITHIN_MS, abort.signal).then(() => null);
  const value = read().catch(() => null);
  const first = await Promise.race([value, late]);
  abort.abort();
  return first;
}

function shown(sweep: Sweep | null): LatestSweep | null {
  if (sweep === null) return null;
  const { status, startedAt, finishedAt } = sweep;
  return { status, startedAt, finishedAt };
}
