/**
 * Every fault of the simulator in one run: when each comes, how strong it is and what else is wrong
 * at that time are drawn from a seed.
 */
import type { FaultSet } from '../sim-provider/faults';
import { randomFor, type Random } from '../sim-provider/random';
import { askAbout } from './ask-about-payments';
import type { Estate } from './estate';
import { always, changed, said, shows, type Mark } from './fault-marks';
import type { FaultPlan } from './play-faults';

/** Faults that stay in force through some phases, each at a strength of its own. */
const LASTING = {
  stall: () => true,
  failRate: rate,
  suspendRate: rate,
  doubleCredit: rate,
  resetOverdueOnPayment: rate,
  reorderWindow: (random) => 2 + random.below(40),
  restErrorRate: rate,
  restDelayMs: (random) => 50 + random.below(600),
  noExpiryCall: () => true,
  silentStream: () => true,
  refuseStream: () => true,
  duplicateRate: rate,
  skipRate: rate,
  garbageRate: rate,
} satisfies Record<string, Strength>;

/** Faults that act once, when a phase begins. */
const MOMENTARY = {
  restoreBackup: (random) => (random.below(2) === 0 ? true : 1 + random.below(8)),
  newStreamId: () => true,
  failNow: (random) => 2 + random.below(10),
  drain: () => true,
  resetOverdue: rate,
  partialReset: rate,
  /** Which units, and by how much, is drawn when the estate stands. */
  editExpiry: () => 1,
  dropStream: () => true,
} satisfies Record<string, Strength>;

type Strength = (random: Random) => number | true;
type Lasting = keyof typeof LASTING;
type Momentary = keyof typeof MOMENTARY;

/** No fault is forgotten: a new one that is in neither list does not compile. */
type Drawn = Readonly<Record<Lasting | Momentary, Strength>>;
const STRENGTHS: Drawn & Readonly<Record<keyof Required<FaultSet>, Strength>> = {
  ...LASTING,
  ...MOMENTARY,
};

/** Those that leave no mark are shown to happen by the simulator's own tests. */
const MARKS: Readonly<Record<Lasting | Momentary, Mark>> = {
  stall: shows('waiting'),
  failRate: shows('failed'),
  suspendRate: shows('suspended'),
  doubleCredit: changed('doubleCredit'),
  resetOverdueOnPayment: changed('resetOverdueOnPayment'),
  reorderWindow: always,
  restErrorRate: said('provider call repeated', 1),
  restDelayMs: always,
  noExpiryCall: always,
  silentStream: always,
  refuseStream: always,
  duplicateRate: always,
  skipRate: always,
  garbageRate: said('stream frame unreadable', 1),
  restoreBackup: changed('restoreBackup'),
  newStreamId: said('stream opened', 2),
  failNow: shows('failed'),
  drain: always,
  resetOverdue: changed('resetOverdue'),
  partialReset: changed('partialReset'),
  editExpiry: changed('editExpiry'),
  dropStream: said('stream opened', 2),
};

/** Faults that nobody meets while no frame is sent: they begin while the stream is still whole. */
const ON_FRAMES: ReadonlySet<keyof FaultSet> = new Set([
  ...(['duplicateRate', 'skipRate', 'garbageRate'] as const),
]);
/** Faults that end a connection: a client that was sent away often stays away longer each time. */
const ON_SOCKETS: ReadonlySet<keyof FaultSet> = new Set([
  ...(['silentStream', 'refuseStream', 'dropStream', 'newStreamId', 'restoreBackup'] as const),
]);
/** Faults that need payments to be completed. */
const ON_COMPLETION: ReadonlySet<keyof FaultSet> = new Set([
  ...(['doubleCredit', 'resetOverdueOnPayment'] as const),
]);

const PHASES = 10;
/** For so many phases nothing is heard of the provider, while tenants go on paying at its boxes. */
const OUTAGE = 3;
const NOBODY_ANSWERS = { refuseStream: true, restErrorRate: 1 } as const satisfies FaultSet;
const WHOLE_STREAM_PHASES = 2;
const FEWEST_PHASES_LONG = 2;
/** Payments that a manager asks about in each phase in which the provider answers badly. */
const ASKED = 3;
const MOST_EDITS = 4;
const MOST_HOURS = 72;
const HOUR_S = 3_600;
const MOST_PHASES_LONG = 4;
const LEAST_PHASE_MS = 1_200;
const PHASE_SPREAD_MS = 1_200;

/** @param seed the same seed draws the same plan; what it meets differs with the machine's pace. */
export function allFaults(seed: number): FaultPlan {
  const random = randomFor(seed, 'all-faults');
  return {
    title: 'everything fails at once',
    phases: drawFaults(seed).map((set, phase) => ({
      forMs: LEAST_PHASE_MS + random.below(PHASE_SPREAD_MS),
      faults: (estate) =>
        set.editExpiry === undefined
          ? set
          : { ...set, editExpiry: edits(estate, randomFor(seed, 'edits', phase)) },
      ...(answersBadly(set) && { meanwhile: askAbout(ASKED) }),
    })),
    happens: MARKS,
    ...(random.below(2) === 0 && { kept: { noExpiryCall: true } }),
  };
}

/** Late, or now and then not at all; whoever asks one that never answers waits for nothing. */
function answersBadly({ restErrorRate = 0, restDelayMs = 0 }: FaultSet): boolean {
  return restErrorRate < 1 && (restErrorRate > 0 || restDelayMs > 0);
}

/** The set of each phase; each fault stands in one of them at least, where nothing hides it. */
export function drawFaults(seed: number): readonly FaultSet[] {
  const random = randomFor(seed, 'fault-sets');
  const sets: FaultSet[] = Array.from({ length: PHASES }, () => ({}));
  const put = (fault: keyof FaultSet, phases: readonly number[]): void => {
    const strength = STRENGTHS[fault](random);
    for (const phase of phases) Object.assign(sets[phase] ?? {}, { [fault]: strength });
  };
  const stall = span(random);
  put('stall', stall);
  for (const fault of names(LASTING).filter((name) => name !== 'stall')) {
    put(
      fault,
      drawUntil(() => span(random), fits(fault, stall)),
    );
  }
  for (const fault of names(MOMENTARY)) {
    // Only what waits can fail at once.
    const places = fault === 'failNow' ? stall.slice(1) : sets.map((_, phase) => phase);
    const some = () => random.shuffled(places).slice(0, 1 + random.below(2));
    put(fault, drawUntil(some, fits(fault, stall)));
  }
  const outage = WHOLE_STREAM_PHASES + random.below(PHASES - WHOLE_STREAM_PHASES - OUTAGE + 1);
  for (const set of sets.slice(outage, outage + OUTAGE)) Object.assign(set, NOBODY_ANSWERS);
  return sets;
}

function fits(fault: keyof FaultSet, stall: readonly number[]) {
  return (phases: readonly number[]): boolean => {
    if (ON_FRAMES.has(fault)) return phases.some((phase) => phase < WHOLE_STREAM_PHASES);
    if (ON_SOCKETS.has(fault)) return phases.every((phase) => phase >= WHOLE_STREAM_PHASES);
    return !ON_COMPLETION.has(fault) || phases.some((phase) => !stall.includes(phase));
  };
}

function drawUntil<Drawn>(draw: () => Drawn, isFit: (drawn: Drawn) => boolean): Drawn {
  let drawn = draw();
  while (!isFit(drawn)) drawn = draw();
  return drawn;
}

/** Phases that follow on each other, somewhere in the run. */
function span(random: Random): number[] {
  const length = FEWEST_PHASES_LONG + random.below(MOST_PHASES_LONG - FEWEST_PHASES_LONG + 1);
  const from = random.below(PHASES - length + 1);
  return Array.from({ length }, (_, n) => from + n);
}

/** More time or less, by hand; not for those on the brink, who are to run out. */
function edits({ parcels }: Estate, random: Random): { unit: string; seconds: number }[] {
  const units = parcels.flatMap(({ way, unitId }) => (way === 'brink' ? [] : (unitId ?? [])));
  return random
    .shuffled(units)
    .slice(0, 1 + random.below(MOST_EDITS))
    .map((unit) => ({
      unit,
      seconds: (random.below(2) === 0 ? 1 : -1) * (1 + random.below(MOST_HOURS)) * HOUR_S,
    }));
}

/** A fifth to a half: often enough to be met, seldom enough for something to be right. */
function rate(random: Random): number {
  return (20 + random.below(31)) / 100;
}

const names = <Name extends string>(of: Readonly<Record<Name, Strength>>): Name[] =>
  Object.keys(of) as Name[];
