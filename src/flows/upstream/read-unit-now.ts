/**
 * Reads one unit and its transactions from the provider at this moment, and keeps and settles
 * them.
 */
import { parseTxId, type UnitId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import { earlier, MINUTE_MS, plusMs, type Instant } from '../../domain/time';
import type { UnitWord } from '../../domain/unit';
import { ProviderUnavailable } from '../ports/provider-port';
import type { LookupDeps } from './look-up-payments';
import { readAlone } from './read-alone';
import { takeWords, type TakeDeps } from './take-words';

export interface UnitNowDeps extends LookupDeps, TakeDeps {}

const MARGIN_MS = 5 * MINUTE_MS;
const PAGE_SIZE = 500;
/** Half a million transactions of one unit: far beyond any, so that the loop ends. */
const MOST_PAGES = 1000;

/**
 * The list is asked for first and the unit after it: what the unit says is then current through the
 * list's first page, unless a transaction could not be read, in the list or alone. Null where the
 * provider has no such unit. @throws ProviderUnavailable
 */
export async function readUnitNow(
  deps: UnitNowDeps,
  rental: Pick<Rental, 'unitId' | 'claim'>,
  reach: 'since-horizon' | 'from-beginning' = 'since-horizon',
): Promise<UnitWord | null> {
  const { unitId } = rental;
  if (unitId === null) return null;
  const known = rental.claim?.currentThrough ?? null;
  const since = reach === 'since-horizon' ? known : null;
  const { firstPageAt, isWhole, streamRank } = await readTransactions(deps, { unitId, since });
  const unit = await deps.provider.unit(unitId);
  if (unit === null) return null;
  const evidence = isWhole && { currentThrough: earlier(firstPageAt, deps.clock.now()) };
  const words = { transactions: [], units: [unit], streamRank, witness: 'lookup' as const };
  await takeWords(deps, { ...words, ...evidence });
  return unit;
}

interface ReadTransactions {
  readonly firstPageAt: Instant;
  /** Every row of the list could be read. */
  readonly isWhole: boolean;
  /** Of the stream id that was known when they were asked for. */
  readonly streamRank: number;
}

/**
 * Keeps and settles what is stated of a unit's transactions since then; null: of all there are.
 * @throws ProviderUnavailable, also where the list has no end.
 */
export async function readTransactions(
  deps: UnitNowDeps,
  { unitId, since }: { readonly unitId: UnitId; readonly since: Instant | null },
): Promise<ReadTransactions> {
  const streamRank = (await deps.follower.read()).streams.length;
  const updatedAfter = since === null ? {} : { updatedAfter: plusMs(since, -MARGIN_MS) };
  const alone = (id: string) => deps.provider.transaction(parseTxId(id));
  let cursor: string | null = null;
  let firstPageAt: Instant | null = null;
  let isWhole = true;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const place = cursor === null ? {} : { cursor };
    const answer = await deps.provider.transactions({
      ...{ unitId, limit: PAGE_SIZE, ...updatedAfter, ...place },
    });
    firstPageAt ??= answer.time;
    const rescued = await readAlone(deps, answer.unreadable, alone);
    isWhole &&= rescued.length === answer.unreadable.length;
    const transactions = [...answer.rows, ...rescued];
    await takeWords(deps, { transactions, units: [], streamRank, witness: 'lookup' });
    cursor = answer.next;
    if (cursor === null) return { firstPageAt, isWhole, streamRank };
  }
  throw new ProviderUnavailable(`The transactions of unit ${unitId} have no end.`, true);
}
