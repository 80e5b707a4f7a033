/**
 * Plays one plan of faults on an estate, lifts them, and waits until all is right again or never
 * will be.
 */
import type { FaultSet } from '../sim-provider/faults';
import type { SimControl } from '../sim-provider/simulator';
import type { RentalSeen } from './admin-client';
import type { Estate } from './estate';
import { watchMarks, type Mark } from './fault-marks';
import { isLawful, judge, unfinished, type Verdict } from './judge';
import type { ServiceLine } from './service-process';
import { until } from './until';

export interface Phase {
  readonly forMs: number;
  readonly faults: (estate: Estate) => FaultSet;
  /** What somebody else does at the same time; it is waited for. */
  readonly meanwhile?: (estate: Estate) => Promise<void>;
}

export interface FaultPlan {
  readonly title: string;
  readonly phases: readonly Phase[];
  /** What stays in force while it is judged. */
  readonly kept?: FaultSet;
  /** What comes right within a minute of a unit's word, with no resync; default: whatever may. */
  readonly mends?: 'by-itself';
  /** How it shows that the faults did what the plan is about, by a name for each. */
  readonly happens: Readonly<Record<string, Mark>>;
}

export interface RunEnd {
  readonly verdict: Verdict;
  /** How many resyncs were started by hand before all was right; 0: none was needed. */
  readonly sweeps: number;
  /** On the brink, and no longer paid. */
  readonly ranOut: {
    readonly rentals: number;
    /** How many were shown as overdue in the end. */
    readonly overdue: number;
    /** A sentence for each that was not. */
    readonly others: readonly string[];
  };
  /** Standings seen: the least often seen rental by managers, and all boxes together. */
  readonly seen: { readonly byManager: number; readonly byBoxes: number };
  /** What the services that still ran have logged. */
  readonly lines: readonly ServiceLine[];
}

const CALM_MS = 700;
const PAYS_EVERY_MS = 60;
const DRAINS_WITHIN_MS = 60_000;
/** A unit event leads to a resync at once; more time is for a machine that is busy. */
const BY_ITSELF_MS = 12_000;
const WITHIN_A_MINUTE_MS = 60_000;
const BY_SWEEPS_MS = 60_000;
/** A catch-up that failed again and again is tried a minute later; nobody is overdue before it. */
const RUNS_OUT_WITHIN_MS = 90_000;
const JUDGES_EVERY_MS = 400;
/** A phase lasts so much longer at the most until its faults have shown: a machine may be busy. */
const MOST_TIMES_LONG = 3;

/** Ordinary payments, the phases of the plan with payments going on, a calm, and the judgement. */
export async function playFaults(
  estate: Estate,
  plan: FaultPlan,
): Promise<RunEnd & { readonly missing: readonly string[] }> {
  const { sim, tenants } = estate;
  await tenants.payFor(CALM_MS, PAYS_EVERY_MS);
  const marks = watchMarks(estate, plan.happens);
  try {
    for (const { faults, forMs, meanwhile } of plan.phases) {
      const set = faults(estate);
      sim.control.setFaults(set);
      for (let times = 0; times < MOST_TIMES_LONG; times += 1) {
        if (times > 0 && !marks.isWaitingFor(Object.keys(set))) break;
        await Promise.all([tenants.payFor(forMs, PAYS_EVERY_MS), meanwhile?.(estate)]);
      }
    }
    await lift(estate, plan.kept);
    const end = await closeRun(estate, {
      byItselfMs: plan.mends === 'by-itself' ? WITHIN_A_MINUTE_MS : BY_ITSELF_MS,
    });
    return { ...end, missing: await marks.missing() };
  } finally {
    marks.end();
  }
}

/** First nothing is wrong any more, then what was left lying is processed. */
export async function lift(estate: Estate, kept: FaultSet = {}): Promise<void> {
  const { control } = estate.sim;
  control.setFaults(kept);
  control.setFaults({ ...kept, drain: true });
  await until('the provider drains', () => unfinished(control).length === 0, DRAINS_WITHIN_MS);
  await estate.boxesDrained();
}

export interface Closing {
  /** Events that were acknowledged to somebody who is no box. */
  readonly said?: readonly string[];
  /** How long nobody starts a resync. */
  readonly byItselfMs?: number;
}

/**
 * Waits for what comes right by itself, then for what a resync sets right; then for those who
 * left.
 */
export async function closeRun(estate: Estate, closing: Closing = {}): Promise<RunEnd> {
  const { watch, parcels } = estate;
  const { said = [], byItselfMs = BY_ITSELF_MS } = closing;
  let verdict = await judgeUntilLawful(estate, said, byItselfMs);
  let sweeps = 0;
  for (const end = Date.now() + BY_SWEEPS_MS; !isLawful(verdict) && Date.now() < end;) {
    await resync(estate);
    sweeps += 1;
    verdict = await judgeUntilLawful(estate, said, JUDGES_EVERY_MS);
  }
  const ranOut = await waitForThoseWhoLeft(estate);
  const byManager = parcels.map(({ rentalId }) => watch.seen.byManager.get(rentalId) ?? 0);
  return {
    verdict: { ...verdict, everOverdueWhilePaid: watch.overdueWhilePaid.size },
    sweeps,
    ranOut,
    seen: { byManager: Math.min(...byManager), byBoxes: watch.seen.byBox },
    lines: estate.services().flatMap((service) => service.lines),
  };
}

/** A resync from the admin side, as each night has one; the run's end, whatever it was. */
export async function resync({ admin }: Estate): Promise<void> {
  const { id } = await admin.startSweep('resync');
  const isOver = async (): Promise<boolean> =>
    ['complete', 'failed'].includes((await admin.sweep(id)).status);
  await until(`the resync ${id} is over`, isOver, BY_SWEEPS_MS);
}

export function judgeEstate(estate: Estate, said: readonly string[] = []): Promise<Verdict> {
  return judge({
    truth: estate.sim.control,
    admin: estate.admin,
    acknowledged: [...estate.acknowledged(), ...said],
    overdueWhilePaid: estate.watch.overdueWhilePaid,
  });
}

async function judgeUntilLawful(
  estate: Estate,
  said: readonly string[],
  withinMs: number,
): Promise<Verdict> {
  let verdict = await judgeEstate(estate, said);
  for (const end = Date.now() + withinMs; !isLawful(verdict) && Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, JUDGES_EVERY_MS));
    verdict = await judgeEstate(estate, said);
  }
  return verdict;
}

async function waitForThoseWhoLeft({ admin, parcels, sim }: Estate): Promise<RunEnd['ranOut']> {
  const gone = new Set(parcels.filter(({ way }) => way === 'brink').map((one) => one.rentalId));
  const others = async (): Promise<RentalSeen[]> =>
    (await admin.rentals()).filter(
      ({ id, standing }) => gone.has(id) && standing.stage !== 'overdue',
    );
  const isSo = async (): Promise<boolean> => (await others()).length === 0;
  await until('those who left are overdue', isSo, RUNS_OUT_WITHIN_MS).catch(() => undefined);
  const left = (await others()).map((rental) => whyNotOverdue(rental, sim.control));
  return { rentals: gone.size, overdue: gone.size - left.length, others: left };
}

function whyNotOverdue({ id, unitId, standing }: RentalSeen, truth: SimControl): string {
  const { stage, paidUntil, reasons, asOf } = standing;
  const unit = unitId === null ? undefined : truth.unit(unitId);
  const shown = {
    ...{ stage, paidUntil, asOf, reasons: reasons.map(({ code }) => code) },
    provider: { status: unit?.status, rentedUntil: unit?.rentedUntil ?? null },
  };
  return `Rental ${id} has run out, and is not overdue: ${JSON.stringify(shown)}`;
}
