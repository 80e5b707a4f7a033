/**
 * The cron table: which sweep is due when, run by one process, once a fire, made up for when
 * missed.
 */
import { parseSweepId } from '../domain/ids';
import { SYSTEM } from '../domain/entry';
import type { Sweep, SweepKind } from '../domain/sweep';
import { MINUTE_MS, toRfc3339, type Instant } from '../domain/time';
import type { Cancel } from '../flows/clock';
import type { Metrics } from '../flows/metrics-port';
import type { RunSweep } from '../flows/sweep-port';
import type { SweepStore } from '../flows/upkeep-ports';
import { underLease } from './lease-keeper';
import { LeaseLost, type LeaseDeps, type LeaseTerm } from './lease-term';

export interface ScheduleDeps extends LeaseDeps {
  readonly sweeps: SweepStore;
  readonly metrics: Pick<Metrics, 'sweepEnded'>;
}

/** One line of the table. Runs of a kind never overlap: they share the lease `sweep:<kind>`. */
export interface SweepJob {
  readonly kind: SweepKind;
  /** Five fields, or six with seconds first. */
  readonly expression: string;
  readonly run: RunSweep;
}

export interface Schedule {
  /** Looks for runs that wait to be made, at once; never throws. */
  wake(): void;
  stop(): Promise<void>;
}

/**
 * A fire is claimed by inserting its run under the fire's own instant: of any number of processes
 * one
 * succeeds. Each minute every process looks for fires that nobody claimed, and for runs that were
 * left
 * unfinished, so that neither a process that dies nor a night without one loses a sweep.
 */
export function startSchedule(
  deps: ScheduleDeps,
  table: {
    readonly jobs: readonly SweepJob[];
    readonly timeZone: string;
    readonly holder: string;
  },
): Schedule {
  const stopping = new AbortController();
  const lanes = table.jobs.map((job) => new SweepLane(deps, job, { ...table, stopping }));
  let cancel: Cancel = () => undefined;
  const look = (): void => {
    cancel = deps.clock.after(MINUTE_MS, look);
    for (const lane of lanes) lane.makeUp();
  };
  look();
  return {
    wake: () => {
      for (const lane of lanes) lane.tend();
    },
    async stop() {
      cancel();
      stopping.abort(new LeaseLost('It is being stopped.'));
      await Promise.all(lanes.map((lane) => lane.stop()));
    },
  };
}

class SweepLane {
  private readonly task;
  private tending: Promise<void> | null = null;
  private again = false;

  constructor(
    private readonly deps: ScheduleDeps,
    private readonly job: SweepJob,
    private readonly at: {
      readonly timeZone: string;
      readonly holder: string;
      readonly stopping: AbortController;
    },
  ) {
    const { kind, expression } = job;
    this.task = deps.clock.cron({
      name: `sweep:${kind}`,
      expression,
      timeZone: at.timeZone,
      fire: (dueAt) => void this.quietly('fire', () => this.fire(dueAt)),
    });
  }

  /** A fire that is past and that nobody claimed is claimed now. */
  makeUp(): void {
    void this.quietly('make-up', async () => {
      const { sweeps, clock } = this.deps;
      const noted = await sweeps.nextFire(this.job.kind);
      if (noted !== null && noted <= clock.now()) await this.fire(noted);
      else if (noted === null) await this.noteNext();
      this.tend();
    });
  }

  /** Makes every run that waits; one look at a time, and one more for whoever asked meanwhile. */
  tend(): void {
    if (this.at.stopping.signal.aborted) return;
    if (this.tending !== null) {
      this.again = true;
      return;
    }
    this.tending = this.quietly('run', () => this.runWaiting()).finally(() => {
      this.tending = null;
      if (!this.again) return;
      this.again = false;
      this.tend();
    });
  }

  async stop(): Promise<void> {
    this.task.stop();
    await this.tending;
  }

  private async fire(dueAt: Instant): Promise<void> {
    const { sweeps, clock } = this.deps;
    if (this.at.stopping.signal.aborted) return;
    await sweeps.begin(newRun(this.job.kind, dueAt, clock.now()));
    await this.noteNext();
    this.tend();
  }

  private async noteNext(): Promise<void> {
    const next = this.task.nextAt();
    if (next !== null) await this.deps.sweeps.noteNextFire(this.job.kind, next);
  }

  private async runWaiting(): Promise<void> {
    const use = {
      name: `sweep:${this.job.kind}`,
      holder: this.at.holder,
      run: (term: LeaseTerm) => this.runEach(term),
    };
    const found = (await this.deps.sweeps.unfinished()).some((one) => one.kind === this.job.kind);
    if (found) await underLease(this.deps, use, this.at.stopping.signal);
  }

  private async runEach(term: LeaseTerm): Promise<void> {
    const waiting = await this.deps.sweeps.unfinished();
    for (const sweep of waiting.filter((one) => one.kind === this.job.kind)) {
      if (term.signal.aborted || !term.isHeld()) return;
      await this.runOne(sweep, term);
    }
  }

  private async runOne(sweep: Sweep, term: LeaseTerm): Promise<void> {
    const { sweeps, clock, metrics } = this.deps;
    const begunAt = clock.now();
    const going = { status: 'running' as const, finishedAt: null, fault: null };
    if (!(await sweeps.progress(sweep.id, term.fence, going))) return;
    const end = await this.job.run({ sweep, fence: term.fence, signal: term.signal });
    const record = await sweeps.get(sweep.id).catch(() => null);
    const durationMs = clock.now() - begunAt;
    metrics.sweepEnded({ kind: sweep.kind, end, counts: record?.counts ?? null, durationMs });
  }

  /** What fails here is looked at again within a minute. */
  private async quietly(what: string, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (this.at.stopping.signal.aborted) return;
      this.deps.log.warn('schedule failed; it is tried again', {
        sweep: this.job.kind,
        what,
        error,
      });
    }
  }
}

function newRun(kind: SweepKind, dueAt: Instant, startedAt: Instant): Sweep {
  return {
    id: parseSweepId(`${kind}:${toRfc3339(dueAt)}`),
    rev: 0,
    kind,
    dryRun: false,
    region: null,
    regions: [],
    status: 'running',
    dueAt,
    author: SYSTEM,
    startedAt,
    finishedAt: null,
    counts: { compared: 0, repaired: 0, breaks: 0, failed: 0 },
    cursor: null,
    fence: 0,
    fault: null,
  };
}
