/** What a resync of one rental would do, as far as it can be told without changing anything. */
import type { RentalId } from '../../domain/ids';
import { isSameCache } from '../../domain/rental';
import { reopenBreak } from '../../domain/break-life';
import { secondsBought, termsAt } from '../../domain/ledger/price';
import type { Comparison } from '../../domain/resync';
import type { Rental } from '../../domain/rental';
import type { RepairKind } from '../../domain/sweep';
import { MINUTE_MS, plusMs, plusSeconds } from '../../domain/time';
import type { TransactionWord } from '../../domain/payments/transaction';
import type { UnitWord } from '../../domain/unit';
import type { UnitNowDeps } from '../upstream/read-unit-now';
import { computeRentals } from '../refresh-rentals';
import { saysNewcomer } from '../../domain/payments/newcomer';
import { compareWithUnit } from './compare-with-unit';
import type { RepairDraft } from './repair-book';
import { repairOf, shown, shownCache } from './repair-drafts';
import { breakOf, explainSurplus } from './resync-breaks';
import type { Resynced } from './resync-rental';

const MARGIN_MS = 5 * MINUTE_MS;
const PAGE_SIZE = 500;
const MOST_PAGES = 20;

/** The dry run's answer; it asks the provider as the real run would, and writes nothing at all. */
export async function planResync(
  deps: UnitNowDeps,
  id: RentalId,
  listed: UnitWord | null,
): Promise<Resynced> {
  const repairs: RepairDraft[] = [];
  const [rental] = await deps.rentals.get([id]);
  if (rental === undefined) return { repairs, breaks: 0 };
  const [whole] = await computeRentals(deps, [{ ...rental, cache: null }]);
  if (whole === undefined) return { repairs, breaks: 0 };
  const now = deps.clock.now();
  const { cache: kept } = rental;
  const { cache } = whole.fresh;
  if (!isSameCache(kept, cache)) {
    const [before, after] = [shownCache(kept), shownCache(cache)];
    repairs.push({ rentalId: rental.id, kind: 'stale-cache', before, after, at: now });
  }
  if (rental.unitId === null) return { repairs, breaks: 0 };
  const missed = await missedSeconds(deps, whole.fresh);
  const paidUntil = cache?.paidUntil ?? null;
  const later = missed === 0 || paidUntil === null ? paidUntil : plusSeconds(paidUntil, missed);
  if (missed !== 0) {
    const [before, after] = [{ paidUntil: shown(paidUntil) }, { paidUntil: shown(later) }];
    repairs.push({ rentalId: rental.id, kind: 'missed-transaction', before, after, at: now });
  }
  const settled = { ...whole.fresh, cache: cache === null ? null : { ...cache, paidUntil: later } };
  const unit = listed ?? (await deps.provider.unit(rental.unitId));
  const found = await compareWithUnit(deps, settled, unit);
  const planned = await planDifference(deps, settled, unit, found);
  return { repairs: [...repairs, ...planned.repairs], breaks: planned.breaks };
}

/** A difference that a person is called for already is counted, and no repair of this run. */
async function planDifference(
  deps: UnitNowDeps,
  rental: Rental,
  unit: UnitWord | null,
  found: Comparison,
): Promise<Resynced> {
  if (found.kind === 'in-step') return { repairs: [], breaks: 0 };
  const kind = REPAIRS[found.kind];
  const repairs = [repairOf(rental, kind, deps.clock.now(), unit, found.ours)];
  const draft = breakOf(rental, found, deps.settings.zone);
  const asked = found.kind === 'long' ? await explainSurplus(deps, rental, found) : draft;
  const [known] = await deps.breaks.find([asked]);
  // Whether a provider that would not do it does it now, only doing it can tell.
  if (found.kind === 'short') {
    return known?.state === 'open' ? { repairs: [], breaks: 1 } : { repairs, breaks: 0 };
  }
  const isKnown =
    known !== undefined && reopenBreak(known, { draft: asked, now: deps.clock.now() }) === null;
  return isKnown
    ? { repairs: [], breaks: Number(known.state !== 'resolved') }
    : { repairs, breaks: 1 };
}

const REPAIRS = {
  short: 'expiry-set',
  long: 'unexplained-time',
  evicted: 'evicted-upstream',
} as const satisfies Record<Exclude<Comparison['kind'], 'in-step'>, RepairKind>;

/** Time of completed transactions of this unit, for its tenant, that we have not credited. */
async function missedSeconds(deps: UnitNowDeps, rental: Rental): Promise<number> {
  const horizon = rental.claim?.currentThrough ?? null;
  const updatedAfter = horizon === null ? null : plusMs(horizon, -MARGIN_MS);
  let cursor: string | null = null;
  let seconds = 0;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await deps.provider.transactions({
      unitId: rental.unitId!,
      limit: PAGE_SIZE,
      ...(updatedAfter === null ? {} : { updatedAfter }),
      ...(cursor === null ? {} : { cursor }),
    });
    const completed = answer.rows.filter((word) => word.state === 'completed');
    const known = await deps.transactions.get(completed.map((word) => word.txId));
    const done = new Set(known.filter((tx) => tx.tenancyId !== null).map((tx) => tx.txId));
    const { tenancy } = rental;
    for (const word of completed) {
      const isOther = tenancy !== null && saysNewcomer(word, tenancy);
      if (!isOther && !done.has(word.txId)) seconds += worthOf(deps, rental, word);
    }
    cursor = answer.next;
    if (cursor === null) break;
  }
  return seconds;
}

function worthOf(deps: UnitNowDeps, rental: Rental, word: TransactionWord): number {
  const at = word.paidAt ?? word.updatedAt;
  const { price } = termsAt(rental.terms, at);
  return secondsBought({ amount: word.amount, price, at, zone: deps.settings.zone });
}
