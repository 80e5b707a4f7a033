/** Which fire of a cron expression is due, and who takes it: each is begun once, by one process. */
import { SYSTEM } from '../../domain/ledger/entry';
import { parseSweepId } from '../../domain/ids';
import { newSweep, type Sweep, type SweepKind } from '../../domain/sweep';
import {
  DAY_MS,
  HOUR_MS,
  later,
  MINUTE_MS,
  plusMs,
  toRfc3339,
  type Instant,
} from '../../domain/time';
import type { Clock } from '../../flows/ports/clock';
import type { SweepStore } from '../../flows/ports/upkeep-ports';
import type { CronSchedule } from '../cron-schedule';
import type { LeaseTerm } from '../lease-term';

/** What becomes of fires that fall due while a run of their kind is under way. */
export type MissedFires = 'pass-over' | 'run-once-after';

interface FireDeps {
  readonly sweeps: SweepStore;
  readonly clock: Clock;
}

interface FireJob {
  readonly kind: SweepKind;
  readonly fires: CronSchedule;
  readonly missed: MissedFires;
}

/** Where the latest of the missed fires is looked for, the nearest first. */
const LOOK_BACK_MS = [2 * MINUTE_MS, HOUR_MS, DAY_MS, 32 * DAY_MS, 366 * DAY_MS];

const MOST_NAMESAKES = 100;

export class FireBook {
  /** Each instant from `from` on, before `next`, is followed by `next`. */
  #known: { readonly from: Instant; readonly next: Instant | null } | null = null;

  constructor(
    private readonly deps: FireDeps,
    private readonly job: FireJob,
  ) {}

  /**
   * The latest fire that is due and not known to have been begun; all before it are made up for by
   * it. The very first look only notes when the first one will be.
   */
  async due(): Promise<Instant | null> {
    const { sweeps, clock } = this.deps;
    const { kind } = this.job;
    const now = clock.now();
    const noted = await sweeps.nextFire(kind);
    if (noted !== null && noted <= now) return this.#latest(noted, now);
    const next = this.#nextAfter(now);
    // An expression that was changed meanwhile may want to run earlier than was noted.
    if (next !== null && (noted === null || next < noted)) await sweeps.noteNextFire(kind, next);
    return null;
  }

  /** Takes the fire that is due; null where there is none, or another process took it. */
  async begin(term: LeaseTerm): Promise<Sweep | null> {
    const dueAt = await this.due();
    if (dueAt === null) return null;
    term.assure();
    const sweep = await this.#take(dueAt, term.fence);
    await this.#note(this.#nextAfter(dueAt));
    return sweep;
  }

  /** A run of another kind of wish may have been named after the very millisecond of the fire. */
  async #take(dueAt: Instant, fence: number): Promise<Sweep | null> {
    const { sweeps } = this.deps;
    for (let apartMs = 0; apartMs < MOST_NAMESAKES; apartMs += 1) {
      const sweep = this.#sweepOf({ dueAt, namedAt: plusMs(dueAt, apartMs), fence });
      if (await sweeps.begin(sweep)) return sweep;
      const namesake = await sweeps.get(sweep.id);
      if (namesake === null || namesake.dueAt !== null) return null;
    }
    return null;
  }

  /** Its run has ended, well or not. */
  async ran({ dueAt }: Sweep): Promise<void> {
    if (dueAt === null || this.job.missed !== 'pass-over') return;
    await this.#note(this.#nextAfter(this.deps.clock.now()));
  }

  async #note(next: Instant | null): Promise<void> {
    if (next !== null) await this.deps.sweeps.noteNextFire(this.job.kind, next);
  }

  /** Of a table of every minute, a day's missed fires are not walked one by one. */
  #latest(noted: Instant, now: Instant): Instant {
    for (const spanMs of LOOK_BACK_MS) {
      const from = later(noted, plusMs(now, -spanMs));
      let next = this.#nextAfter(from);
      if (next === null || (next > now && from > noted)) continue;
      let latest = noted;
      for (; next !== null && next <= now; next = this.#nextAfter(next)) latest = next;
      return latest;
    }
    return noted;
  }

  /** Asked for at each look, and a calendar's answer takes milliseconds. */
  #nextAfter(at: Instant): Instant | null {
    const known = this.#known;
    const isKnown = known !== null && at >= known.from && (known.next === null || at < known.next);
    if (isKnown) return known.next;
    const next = this.job.fires.nextAfter(at);
    this.#known = { from: at, next };
    return next;
  }

  #sweepOf(fire: {
    readonly dueAt: Instant;
    readonly namedAt: Instant;
    readonly fence: number;
  }): Sweep {
    const { dueAt, namedAt, fence } = fire;
    const { kind } = this.job;
    const id = parseSweepId(`${kind}:${toRfc3339(namedAt)}`);
    return newSweep({ id, kind, dueAt, author: SYSTEM, startedAt: this.deps.clock.now(), fence });
  }
}
