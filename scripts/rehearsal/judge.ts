/**
 * Holds what the service says against what was really paid: counts, and a sentence for each fault.
 */
import type { SimControl } from '../sim-provider/simulator';
import type { UnitRecord } from '../sim-provider/records';
import type { RealPayment } from '../sim-provider/truth';
import type { AdminClient, BreakSeen, EntrySeen, PaymentSeen, RentalWhole } from './admin-client';

/** What a run came to: lawful where nothing was lost, counted twice, wrong or unexplained. */
export interface Verdict {
  /** Payments that were really made: all of the provider's, and those that only a box knows. */
  readonly made: number;
  readonly credited: number;
  readonly twice: number;
  /** Made, or acknowledged to a box, and in no way credited. */
  readonly lost: number;
  /** Rentals that were shown as overdue, to a box or a manager, while they were paid. */
  readonly everOverdueWhilePaid: number;
  /** Units whose time or status upstream is wrong, and that no open break names either. */
  readonly wrongExpiriesLeft: number;
  /** Units whose time upstream is wrong, and that an open break leaves to a person. */
  readonly leftToPeople: number;
  /** Those of them that show less time than is paid: no call to the provider set it right. */
  readonly leftShort: number;
  /** Rentals whose paid-until is not what their payments bought. */
  readonly wrongPaidUntil: number;
  /** A sentence for each fault, the first 20. */
  readonly faults: readonly string[];
}

export interface Case {
  readonly truth: Pick<SimControl, 'payments' | 'unit' | 'transaction' | 'rightfulUntil' | 'state'>;
  readonly admin: Pick<AdminClient, 'rentals' | 'rental' | 'payments' | 'breaks'>;
  /** Event ids that boxes were told are stored. */
  readonly acknowledged: readonly string[];
  /** Rentals that were seen overdue while they were paid, by whoever watched. */
  readonly overdueWhilePaid: ReadonlySet<string>;
}

/** Ours and the provider's time may differ by this much without a word being said. */
const TOLERANCE_MS = 60_000;
/** An opening is counted in whole seconds. */
const ROUNDING_MS = 1_000;
const MOST_FAULTS = 20;

/** Whether every law was kept, and nothing is left to a person that a rule could have settled. */
export function isLawful(verdict: Verdict): boolean {
  const { twice, lost, everOverdueWhilePaid, wrongExpiriesLeft, wrongPaidUntil } = verdict;
  return twice + lost + everOverdueWhilePaid + wrongExpiriesLeft + wrongPaidUntil === 0;
}

/** Judge when the faults are lifted and the queues are empty; what is under way counts as lost. */
export async function judge(given: Case): Promise<Verdict> {
  const [rows, payments, breaks] = await Promise.all([
    given.admin.rentals(),
    given.admin.payments(),
    given.admin.breaks(),
  ]);
  const rentals: RentalWhole[] = [];
  for (const { id } of rows) rentals.push(await given.admin.rental(id));
  const faults: string[] = [];
  const money = judgeMoney(given, { rentals, payments }, faults);
  const time = judgeTime(given, { rentals, breaks }, faults);
  for (const id of given.overdueWhilePaid)
    faults.push(`Rental ${id} was shown overdue while paid.`);
  const everOverdueWhilePaid = given.overdueWhilePaid.size;
  return { ...money, ...time, everOverdueWhilePaid, faults: faults.slice(0, MOST_FAULTS) };
}

interface Books {
  readonly rentals: readonly RentalWhole[];
  readonly payments: readonly PaymentSeen[];
}

function judgeMoney(given: Case, books: Books, faults: string[]) {
  const { truth, acknowledged } = given;
  const ours = new Set(books.rentals.flatMap(({ unitId }) => unitId ?? []));
  const real = truth.payments().filter(({ unit }) => ours.has(unit));
  const credits = creditsOf(books.rentals);
  const count = { made: real.length, credited: 0, twice: 0, lost: 0 };
  for (const { txId, unit, amount } of real) {
    const times = credits.get(`tx:${txId}`) ?? 0;
    const wanted = truth.transaction(txId)?.state === 'reversed' ? 0 : 1;
    if (times === wanted) count.credited += 1;
    else if (times > wanted) count.twice += 1;
    else count.lost += 1;
    if (times === wanted) continue;
    faults.push(`L$ ${amount} for ${unit} (${txId}) are credited ${times} times, not ${wanted}.`);
  }
  const known = new Set(real.map(({ txId }) => `tx:${txId}`));
  const reports = judgeReports({ acknowledged, books, credits, known }, faults);
  return {
    made: count.made + reports.made,
    credited: count.credited + reports.credited,
    twice: count.twice + reports.twice,
    lost: count.lost + reports.lost,
  };
}

/** Events without a transaction of their own: those of box-verified rentals, and nothing else. */
function judgeReports(
  given: {
    readonly acknowledged: readonly string[];
    readonly books: Books;
    readonly credits: ReadonlyMap<string, number>;
    readonly known: ReadonlySet<string>;
  },
  faults: string[],
) {
  const { acknowledged, books, credits, known } = given;
  const byEvent = new Map(books.payments.map((payment) => [payment.eventId, payment]));
  const byThemselves = new Set(
    books.rentals.flatMap(({ id, unitId }) => (unitId === null ? [id] : [])),
  );
  const count = { made: 0, credited: 0, twice: 0, lost: 0 };
  const ofReports = new Set<string>();
  for (const event of acknowledged) {
    const payment = byEvent.get(event);
    const isOwn = payment !== undefined && byThemselves.has(payment.rentalId ?? '');
    if (isOwn) ofReports.add(payment.id);
    const isSettled = payment?.state === 'credited' || payment?.state === 'reversed';
    const times = isOwn ? (credits.get(payment.id) ?? 0) : 1;
    if (isOwn) count.made += 1;
    if (isOwn && isSettled && times === 1) count.credited += 1;
    if (times > 1) count.twice += 1;
    if (isSettled && times === 1) continue;
    if (times <= 1) count.lost += 1;
    const state = payment?.state ?? 'unknown to the service';
    faults.push(`Event ${event}, which a box was told is stored, is ${state}, ${times} credits.`);
  }
  for (const [paymentId, times] of credits) {
    if (times === 0 || known.has(paymentId) || ofReports.has(paymentId)) continue;
    count.twice += 1;
    faults.push(`${paymentId} is credited, and is no payment that anybody made.`);
  }
  return count;
}

/** How many credits of each payment stand. */
function creditsOf(rentals: readonly RentalWhole[]): Map<string, number> {
  const credits = new Map<string, number>();
  for (const { ledger } of rentals) {
    const reversalOf = new Map(ledger.map((entry) => [entry.reverses, entry]));
    for (const entry of ledger) {
      if (entry.kind !== 'paid' && entry.kind !== 'external') continue;
      const id = entry.paymentId ?? entry.id;
      credits.set(id, (credits.get(id) ?? 0) + Number(stands(entry, reversalOf)));
    }
  }
  return credits;
}

function stands(entry: EntrySeen, reversalOf: ReadonlyMap<string | null, EntrySeen>): boolean {
  const reversal = reversalOf.get(entry.id);
  return reversal === undefined || !stands(reversal, reversalOf);
}

function judgeTime(
  { truth }: Case,
  { rentals, breaks }: { readonly rentals: readonly RentalWhole[]; readonly breaks: BreakSeen[] },
  faults: string[],
) {
  const count = { wrongExpiriesLeft: 0, leftToPeople: 0, leftShort: 0, wrongPaidUntil: 0 };
  const { time } = truth.state();
  for (const { id, unitId, standing } of rentals) {
    if (unitId === null) continue;
    const rightful = truth.rightfulUntil(unitId);
    if (Math.abs((standing.paidUntil ?? 0) - (rightful ?? 0)) > ROUNDING_MS) {
      count.wrongPaidUntil += 1;
      faults.push(`${unitId} is paid until ${iso(standing.paidUntil)}, not ${iso(rightful)}.`);
    }
    const wrong = wrongUpstream(truth.unit(unitId), rightful, time);
    if (wrong === null) continue;
    const isNamed = breaks.some(
      ({ kind, subjects }) => subjects.includes(id) && EXPLAINS[wrong].has(kind),
    );
    if (isNamed && wrong === 'short') count.leftShort += 1;
    if (isNamed) count.leftToPeople += 1;
    else count.wrongExpiriesLeft += 1;
    if (isNamed) continue;
    const shown = truth.unit(unitId);
    const until = iso(shown?.rentedUntil ?? null);
    faults.push(`${unitId} is ${shown?.status} until ${until} upstream: rightly ${iso(rightful)}.`);
  }
  return count;
}

type Wrong = 'short' | 'long';

/** Breaks that leave a wrong expiry to a person. */
const EXPLAINS: Readonly<Record<Wrong, ReadonlySet<BreakSeen['kind']>>> = {
  short: new Set(['expiry-by-hand'] as const),
  long: new Set(['unexplained-time', 'credited-twice-upstream'] as const),
};

function wrongUpstream(
  unit: UnitRecord | undefined,
  rightful: number | null,
  now: number,
): Wrong | null {
  if (unit === undefined) return null;
  const { rentedUntil, status } = unit;
  if (rentedUntil === null) return rightful !== null && rightful > now ? 'short' : null;
  if (rightful === null || rentedUntil - rightful > TOLERANCE_MS) return 'long';
  const isCalledOverdue = status === 'overdue' && rightful > now;
  return isCalledOverdue || rightful - rentedUntil > TOLERANCE_MS ? 'short' : null;
}

const iso = (at: number | null): string => (at === null ? 'nothing' : new Date(at).toISOString());

/** Payments that the provider has neither completed nor taken back. */
export function unfinished(truth: Case['truth']): readonly RealPayment[] {
  return truth.payments().filter(({ txId }) => {
    const state = truth.transaction(txId)?.state;
    return state !== 'completed' && state !== 'reversed';
  });
}
