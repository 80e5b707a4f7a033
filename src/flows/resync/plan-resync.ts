/** What a resync of one rental would do, as far as it can be told without changing anything. */
import type { RentalId } from '../../domain/ids';
import { isSameCache } from '../../domain/rental';
import { secondsBought, termsAt } from '../../domain/ledger/price';
import type { Rental } from '../../domain/rental';
import type { RepairKind } from '../../domain/sweep';
import { MINUTE_MS, plusMs, plusSeconds, type Instant } from '../../domain/time';
import type { TransactionWord } from '../../domain/payments/transaction';
import type { UnitWord } from '../../domain/unit';
import type { UnitNowDeps } from '../upstream/read-unit-now';
import { computeRentals } from '../refresh-rentals';
import { saysNewcomer } from '../../domain/payments/newcomer';
import { compareWithUnit } from './compare-with-unit';
import type { RepairDraft } from './repair-book';
import { shown, shownCache } from './repair-drafts';
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
  const make = (kind: RepairKind, before: Instant | null, after: Instant | null): RepairDraft => ({
    rentalId: rental.id,
    kind,
    before: { unit: rental.unitId, until: shown(before) },
    after: { unit: rental.unitId, until: shown(after) },
    at: deps.clock.now(),
  });
  const cached = rental.cache?.paidUntil ?? null;
  const folded = whole.fresh.cache?.paidUntil ?? null;
  if (!isSameCache(rental.cache, whole.fresh.cache)) {
    const { before, after, ...repair } = make('stale-cache', cached, folded);
    repairs.push({
      ...repair,
      before: { ...before, ...shownCache(rental.cache) },
      after: { ...after, ...shownCache(whole.fresh.cache) },
    });
  }
  if (rental.unitId === null) return { repairs, breaks: 0 };
  const missed = await missedSeconds(deps, whole.fresh);
  const later = missed === 0 || folded === null ? folded : plusSeconds(folded, missed);
  if (missed !== 0) repairs.push(make('missed-transaction', folded, later));
  const { cache } = whole.fresh;
  const settled = { ...whole.fresh, cache: cache === null ? null : { ...cache, paidUntil: later } };
  const unit = listed ?? (await deps.provider.unit(rental.unitId));
  const found = await compareWithUnit(deps, settled, unit);
  switch (found.kind) {
    case 'in-step':
      return { repairs, breaks: 0 };
    case 'short':
      return { repairs: [...repairs, make('expiry-set', found.shows, found.ours)], breaks: 0 };
    case 'long':
      return {
        repairs: [...repairs, make('unexplained-time', found.shows, found.ours)],
        breaks: 1,
      };
    case 'evicted':
      return { repairs: [...repairs, make('evicted-upstream', null, found.ours)], breaks: 1 };
  }
}

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
