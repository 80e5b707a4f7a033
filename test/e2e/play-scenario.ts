/** Plays a scenario on an estate, a minute of it in a moment, with payments going on throughout. */
import type { Estate } from '../../scripts/rehearsal/estate';
import { closeRun, lift, type RunEnd } from '../../scripts/rehearsal/play-faults';
import { endService } from '../../scripts/rehearsal/service-process';
import { until } from '../../scripts/rehearsal/until';
import type { RealPayment } from '../../scripts/sim-provider/truth';
import type { DatabaseGate } from './database-gate';
import type { Scenario, ScenarioStep } from './scenario';

/** What is long in the report must be long enough here: 23 minutes of drain are 2.3 s. */
const MINUTE_MS = 100;
const PAYS_EVERY_MS = 80;
const LOOKS_EVERY_MS = 50;
/** The last step stands still until all that waited is credited: for a machine that is busy. */
const CREDITED_WITHIN_MS = 60_000;

export interface Played {
  readonly end: RunEnd;
  /**
   * By the scenario's clock, minutes since midnight: when the provider had completed all that
   * waited as it began to drain, and when all of it was credited by us. Null: that never was.
   */
  readonly drainedAt: number | null;
  readonly creditedAt: number | null;
  /** What waited when the provider began to drain. */
  readonly backlog: number;
  /** Payments made while the service could save nothing, or was away. */
  readonly unsaved: readonly RealPayment[];
  /** Units that the provider reset to overdue. */
  readonly reset: ReadonlySet<string>;
}

export async function playScenario(
  estate: Estate,
  { steps }: Scenario,
  gate: DatabaseGate,
): Promise<Played> {
  const { sim, tenants } = estate;
  const clock = createScenarioClock();
  let drain: Drain | null = null;
  let cutAt: number | null = null;
  const unsaved = (): RealPayment[] =>
    sim.control.payments().filter(({ takenAt }) => cutAt !== null && takenAt >= cutAt);
  let missed: RealPayment[] = [];
  for (const [n, step] of steps.entries()) {
    const minutes = (steps[n + 1]?.at ?? step.at) - step.at;
    if (step.service === 'back, and catches up from the provider') missed = unsaved();
    await clock.pass(step.at, minutes, async () => {
      await takeStep(estate, step, gate);
      if (step.service === 'saves fail') cutAt = sim.control.state().time;
      if (step.faults?.drain === true) drain = watchDrain(estate, clock.now);
      await tenants.payFor(minutes * MINUTE_MS, PAYS_EVERY_MS);
    });
  }
  const drained = (await (drain as Drain | null)?.end()) ?? NO_DRAIN;
  await lift(estate);
  const end = await closeRun(estate);
  const resets = sim.control.effects().filter(({ fault }) => fault.startsWith('resetOverdue'));
  return {
    end,
    ...drained,
    unsaved: missed,
    reset: new Set(resets.flatMap(({ unit }) => unit ?? [])),
  };
}

async function takeStep(estate: Estate, step: ScenarioStep, gate: DatabaseGate): Promise<void> {
  if (step.faults !== undefined) estate.sim.control.setFaults(step.faults);
  switch (step.service) {
    case 'saves fail':
      return gate.cut();
    case 'maintenance mode':
      for (const service of estate.services()) await endService(service);
      return;
    case 'back, and catches up from the provider':
      gate.open();
      await estate.addService();
      return;
    case undefined:
      return;
  }
}

/** The time of day between two steps, however long a busy machine takes for what lies between. */
function createScenarioClock() {
  let step = { at: 0, minutes: 0, since: 0 };
  return {
    now: (): number => step.at + Math.min(step.minutes, (Date.now() - step.since) / MINUTE_MS),
    async pass(at: number, minutes: number, run: () => Promise<void>): Promise<void> {
      step = { at, minutes, since: Date.now() };
      await run();
    },
  };
}

type Drained = Pick<Played, 'backlog' | 'drainedAt' | 'creditedAt'>;

interface Drain {
  /** Waits for the last credit. @throws Error that names what is not credited after a minute. */
  end(): Promise<Drained>;
}

const NO_DRAIN: Drained = { backlog: 0, drainedAt: null, creditedAt: null };

/** Looks what becomes of everything that had been paid before, there and here. */
function watchDrain({ sim, admin }: Estate, now: () => number): Drain {
  const stateOf = (txId: string) => sim.control.transaction(txId)?.state;
  const backlog = sim.control.payments().flatMap(({ txId }) => {
    const isDone = stateOf(txId) === 'completed';
    return isDone ? [] : [txId];
  });
  const seen = { drainedAt: null as number | null, creditedAt: null as number | null };
  const waiting = new Set(backlog);
  const lookThere = setInterval(() => {
    if (backlog.every((txId) => stateOf(txId) === 'completed')) seen.drainedAt ??= now();
  }, LOOKS_EVERY_MS);
  let isOver = false;
  void (async () => {
    while (!isOver && waiting.size > 0) {
      for (const { txId, state } of await admin.payments().catch(() => [])) {
        if (txId !== null && state === 'credited') waiting.delete(txId);
      }
      if (waiting.size === 0) seen.creditedAt = now();
      await new Promise((resolve) => setTimeout(resolve, LOOKS_EVERY_MS));
    }
  })();
  return {
    async end() {
      const isCredited = (): boolean => seen.creditedAt !== null;
      try {
        await until('what waited is credited', isCredited, CREDITED_WITHIN_MS);
      } catch (cause) {
        const left = [...waiting].map((txId) => `${txId}: ${stateOf(txId)}`);
        throw new Error(`Not credited, and at the provider: ${left.join(', ')}`, { cause });
      } finally {
        isOver = true;
        clearInterval(lookThere);
      }
      return { ...seen, backlog: backlog.length };
    },
  };
}
