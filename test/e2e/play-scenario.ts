/** Plays a scenario on an estate, a minute of it in a moment, with payments going on throughout. */
import type { Estate } from '../../scripts/rehearsal/estate';
import { closeRun, lift, type RunEnd } from '../../scripts/rehearsal/play-faults';
import { endService } from '../../scripts/rehearsal/service-process';
import type { RealPayment } from '../../scripts/sim-provider/truth';
import type { DatabaseGate } from './database-gate';
import type { Scenario, ScenarioStep } from './scenario';

/** What is long in the report must be long enough here: 23 minutes of drain are 3.5 s. */
const MINUTE_MS = 150;
const PAYS_EVERY_MS = 80;
const LOOKS_EVERY_MS = 50;

export interface Played {
  readonly end: RunEnd;
  /**
   * Minutes since midnight, by the scenario's clock: when every payment was credited that had been
   * made before the provider drained. Null where it drains nothing, or they never were.
   */
  readonly drainedAt: number | null;
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
  const drained = (drain as Drain | null)?.end() ?? { at: null, backlog: 0 };
  await lift(estate);
  const end = await closeRun(estate);
  const resets = sim.control.effects().filter(({ fault }) => fault.startsWith('resetOverdue'));
  return {
    end,
    ...{ drainedAt: drained.at, backlog: drained.backlog, unsaved: missed },
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

interface Drain {
  end(): { readonly at: number | null; readonly backlog: number };
}

/** Looks whether everything is credited, by our own books, that had been paid before. */
function watchDrain({ sim, admin }: Estate, now: () => number): Drain {
  const waiting = new Set(
    sim.control.payments().flatMap(({ txId }) => {
      const state = sim.control.transaction(txId)?.state;
      return state === 'queued' || state === 'failed' || state === 'suspended' ? [txId] : [];
    }),
  );
  const backlog = waiting.size;
  let at: number | null = null;
  let isOver = false;
  void (async () => {
    while (!isOver && at === null) {
      for (const { txId, state } of await admin.payments().catch(() => [])) {
        if (txId !== null && state === 'credited') waiting.delete(txId);
      }
      if (waiting.size === 0) at = now();
      await new Promise((resolve) => setTimeout(resolve, LOOKS_EVERY_MS));
    }
  })();
  return {
    end() {
      isOver = true;
      return { at, backlog };
    },
  };
}
