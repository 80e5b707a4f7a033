/**
 * Looks several times a second at what the provider shows, what the service says and what the
 * boxes were told, and never forgets a wrong word.
 */
import type { SimControl } from '../sim-provider/simulator';
import type { AdminClient, PaymentSeen, RentalSeen } from './admin-client';
import { isPaidAt, wronglyOverdueThere } from './judge';
import { pause } from './pause';
import type { Region } from './region';

export interface Watched {
  readonly admin: Pick<AdminClient, 'rentals' | 'payments'>;
  readonly provider: SimControl;
  readonly region: Region;
  /** Told when the service cannot be asked any more. */
  readonly onFault: (fault: Error) => void;
}

/** One look. */
export interface Seen {
  /** Real payments. */
  readonly made: number;
  /** Those that the service has turned into time. */
  readonly credited: number;
  /** Those that the service knows of, in whatever state. */
  readonly known: number;
  /** Units that the provider shows as overdue although they are paid. */
  readonly overdueThere: number;
  /** Names of rentals that the service or a box shows as overdue. */
  readonly overdueHere: readonly string[];
}

export interface Findings {
  readonly looks: number;
  /** Rentals that the service, or a box, ever showed as overdue although they were paid. */
  readonly wronglyOverdueHere: ReadonlySet<string>;
  /** Units whose own time had ended at the provider while paid time waited there in a queue. */
  readonly ranOutThere: ReadonlySet<string>;
}

export interface Watcher {
  latest(): Seen;
  /** A look that begins now. */
  look(): Promise<Seen>;
  findings(): Findings;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 200;
const MOST_FAILURES = 5;
const NOTHING: Seen = { made: 0, credited: 0, known: 0, overdueThere: 0, overdueHere: [] };

export function startWatcher(watched: Watched): Watcher {
  const stopping = new AbortController();
  const kept = { looks: 0, wronglyOverdueHere: new Set<string>(), ranOutThere: new Set<string>() };
  let latest = NOTHING;
  const look = async (): Promise<Seen> => {
    latest = await lookOnce(watched, kept);
    kept.looks += 1;
    return latest;
  };
  const going = keepLooking(look, watched, stopping.signal);
  return {
    latest: () => latest,
    look,
    findings: () => kept,
    async stop() {
      stopping.abort();
      await going;
    },
  };
}

async function keepLooking(
  look: () => Promise<Seen>,
  { onFault }: Watched,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await look();
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures === MOST_FAILURES && !signal.aborted) {
        onFault(error instanceof Error ? error : new Error(String(error)));
      }
    }
    await pause(LOOK_EVERY_MS, signal).catch(() => undefined);
  }
}

interface Kept {
  readonly wronglyOverdueHere: Set<string>;
  readonly ranOutThere: Set<string>;
}

/** What is rightful is noted before anybody is asked: a payment that comes later excuses nobody. */
async function lookOnce({ admin, provider, region }: Watched, kept: Kept): Promise<Seen> {
  const rightful = new Map([...provider.units()].map(({ id }) => [id, provider.rightfulUntil(id)]));
  const [rentals, payments] = await Promise.all([admin.rentals(), admin.payments()]);
  const said = [...rentals.flatMap(wordOfService), ...wordsOfBoxes(region)];
  const overdue = said.filter(({ stage }) => stage === 'overdue');
  for (const { unit, at } of overdue) {
    if (isPaidAt(rightful.get(unit) ?? null, at)) kept.wronglyOverdueHere.add(unit);
  }
  const there = wronglyOverdueThere(provider);
  if (provider.effects().length === 0) for (const unit of there) kept.ranOutThere.add(unit);
  return {
    ...counted(provider, payments),
    overdueThere: there.length,
    overdueHere: [...new Set(overdue.map(({ unit }) => provider.unit(unit)?.name ?? unit))],
  };
}

interface Word {
  readonly unit: string;
  readonly stage: string;
  /** Milliseconds UTC: when it was so. */
  readonly at: number;
}

const wordOfService = ({ unitId, standing }: RentalSeen): Word[] =>
  unitId === null ? [] : [{ unit: unitId, stage: standing.stage, at: standing.asOf }];

const wordsOfBoxes = (region: Region): Word[] =>
  [...region.told()].map(([unit, { stage, t }]) => ({ unit, stage, at: t * 1_000 }));

function counted(provider: SimControl, payments: readonly PaymentSeen[]) {
  return {
    made: provider.payments().length,
    credited: payments.filter(({ state }) => state === 'credited').length,
    known: payments.length,
  };
}
