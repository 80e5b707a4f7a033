/** Sees to it that one kind of sweep is run: the fire due, those asked for, those left. */
import type { SweepId } from '../../domain/ids';
import { DAY_MS } from '../../domain/time';
import { hasSameReach, type Sweep, type SweepKind } from '../../domain/sweep';
import type { Metrics } from '../../flows/ports/metrics-port';
import { StorageUnavailable } from '../../flows/ports/money-ports';
import type { RunSweep, SweepEnd } from '../../flows/ports/sweep-port';
import type { SweepStore } from '../../flows/ports/upkeep-ports';
import type { CronSchedule } from '../cron-schedule';
import { underLease } from '../lease-keeper';
import type { LeaseDeps, LeaseTerm } from '../lease-term';
import { FireBook, type MissedFires } from './fire-book';

export interface SweepDeps extends LeaseDeps {
  readonly sweeps: SweepStore;
  readonly metrics: Pick<Metrics, 'sweepEnded'>;
}

export type { MissedFires };

export interface SweepJob {
  readonly kind: SweepKind;
  readonly run: RunSweep;
  readonly fires: CronSchedule;
  readonly missed: MissedFires;
  readonly holder: string;
}

const MOST_FAULT = 500;
/** As long as any run may go on being resumed, where it is not what the schedule still wants. */
const MOST_AGE_MS = DAY_MS;

/** Why a run is tried no more; its record says so. */
const GIVEN_UP = {
  fire: 'It did not come to its end within a day: the next run begins anew.',
  hand: 'It did not come to its end within a day: start it again if it is still wanted.',
  followed: 'It did not come to its end before a later run over the same rentals was started.',
} as const;

export class SweepKeeper {
  readonly #fires: FireBook;
  #looking: Promise<void> | null = null;
  #lookAgain = false;

  constructor(
    private readonly deps: SweepDeps,
    private readonly job: SweepJob,
    private readonly stopping: AbortSignal,
  ) {
    this.#fires = new FireBook(deps, job);
  }

  /** Makes every run that is due now; a look during a look is made after it. */
  look(): void {
    this.#lookAgain = true;
    this.#looking ??= this.#lookOn();
  }

  /** Resolves when nothing is under way, after `stopping` has aborted. */
  async ended(): Promise<void> {
    await this.#looking;
  }

  async #lookOn(): Promise<void> {
    const { kind, holder } = this.job;
    while (this.#lookAgain && !this.stopping.aborted) {
      this.#lookAgain = false;
      try {
        if (!(await this.#isAnyDue())) continue;
        const run = (term: LeaseTerm): Promise<void> => this.#runAll(term);
        await underLease(this.deps, { name: `sweep:${kind}`, holder, run }, this.stopping);
      } catch (error) {
        const level = error instanceof StorageUnavailable ? 'warn' : 'error';
        this.deps.log[level]('sweeps not looked for', { kind, error });
      }
    }
    // Here, and not a turn later: whoever looks meanwhile must find that nobody is at work.
    this.#looking = null;
  }

  async #isAnyDue(): Promise<boolean> {
    return (await this.#unfinished()).length > 0 || (await this.#fires.due()) !== null;
  }

  /** Each run once: one that comes to nothing, because the provider is away, waits for a minute. */
  async #runAll(term: LeaseTerm): Promise<void> {
    const tried = new Set<SweepId>();
    while (!term.signal.aborted) {
      const left = await this.#unfinished();
      if (await this.#givesWay(left, term)) continue;
      const resumed = left.find((sweep) => !tried.has(sweep.id));
      const sweep = resumed ?? (await this.#nextFire(left, term));
      if (sweep === null) return;
      tried.add(sweep.id);
      await this.#run(sweep, term, resumed === undefined ? 'begun' : 'resumed');
      if (resumed === undefined) await this.#fires.ran(sweep);
    }
  }

  /** What does not come to its end is neither tried for ever nor in the way of others. */
  async #givesWay(left: readonly Sweep[], term: LeaseTerm): Promise<boolean> {
    for (const sweep of left) {
      const why = await this.#whyOver(sweep, left);
      if (why !== null) return this.#giveUp(sweep, GIVEN_UP[why], term);
    }
    return false;
  }

  /**
   * A scheduled run gives way only to a fire that has fallen due since: what keeps it from its end
   * may lie in its place, and what it began with is old. One that a person asked for and that was
   * tried in vain gives way to whatever was started over the same rentals since.
   */
  async #whyOver(sweep: Sweep, left: readonly Sweep[]): Promise<keyof typeof GIVEN_UP | null> {
    const { dueAt, startedAt, status } = sweep;
    const isOld = this.deps.clock.now() - startedAt >= MOST_AGE_MS;
    if (dueAt !== null) return isOld && (await this.#fires.due()) !== null ? 'fire' : null;
    if (isOld) return 'hand';
    const isFollowed = left.some(
      (other) => other.startedAt > startedAt && hasSameReach(other, sweep),
    );
    return status === 'incomplete' && isFollowed ? 'followed' : null;
  }

  async #giveUp(sweep: Sweep, fault: string, term: LeaseTerm): Promise<boolean> {
    const { clock, sweeps, log, metrics } = this.deps;
    const { id, kind, cursor, counts, startedAt } = sweep;
    const now = clock.now();
    log.error('sweep given up', { sweepId: id, cursor, why: fault, fault: sweep.fault });
    const ended = { status: 'failed', finishedAt: now, fault } as const;
    if (!(await sweeps.progress(id, term.fence, ended))) return false;
    metrics.sweepEnded({ kind, end: 'failed', counts, durationMs: now - startedAt });
    return true;
  }

  /** A scheduled run that is still unfinished stands for every fire since. */
  async #nextFire(left: readonly Sweep[], term: LeaseTerm): Promise<Sweep | null> {
    if (left.some((sweep) => sweep.dueAt !== null)) return null;
    return this.#fires.begin(term);
  }

  #unfinished(): Promise<Sweep[]> {
    return this.deps.sweeps.unfinished(this.job.kind);
  }

  async #run(sweep: Sweep, term: LeaseTerm, how: 'begun' | 'resumed'): Promise<void> {
    const { clock, sweeps, metrics, log } = this.deps;
    const { kind } = this.job;
    const { fence, signal } = term;
    const beganAt = clock.now();
    if (how === 'resumed') {
      log.info('sweep resumed', { sweepId: sweep.id, status: sweep.status, cursor: sweep.cursor });
      if (!(await sweeps.progress(sweep.id, fence, { status: 'running', fault: null }))) return;
    }
    const end = await this.#runGuarded({ ...sweep, fence }, term, signal);
    const stored = await sweeps.get(sweep.id).catch(() => null);
    const durationMs = clock.now() - beganAt;
    metrics.sweepEnded({ kind, end, counts: stored?.counts ?? null, durationMs });
    log.debug('sweep ended', { sweepId: sweep.id, end, durationMs });
  }

  /** A flow ends its run's record by itself; one that throws has not. */
  async #runGuarded(sweep: Sweep, term: LeaseTerm, signal: AbortSignal): Promise<SweepEnd> {
    const { sweeps, clock, log } = this.deps;
    try {
      return await this.job.run({ sweep, fence: term.fence, signal });
    } catch (error) {
      const passing = error instanceof StorageUnavailable || signal.aborted;
      log[passing ? 'warn' : 'error']('sweep broke off', { sweepId: sweep.id, error });
      if (passing) return 'incomplete';
      const fault = String(error instanceof Error ? error.message : error).slice(0, MOST_FAULT);
      const change = { status: 'failed', finishedAt: clock.now(), fault } as const;
      await sweeps.progress(sweep.id, term.fence, change);
      return 'failed';
    }
  }
}
