/**
 * Fetches by REST what the status stream did not tell: page by page, with flat memory. What is done
 * with the rows, and what they prove, is its caller's business.
 */
import { parseTxId, parseUnitId } from '../../domain/ids';
import { DAY_MS, earlier, MINUTE_MS, plusMs, type Instant } from '../../domain/time';
import type { TransactionWord } from '../../domain/payments/transaction';
import type { UnitWord } from '../../domain/unit';
import { sleep, type Clock } from '../ports/clock';
import type { Log } from '../ports/log-port';
import type { Mint } from '../ports/mint-port';
import { ProviderUnavailable, type Page, type ProviderApi } from '../ports/provider-port';
import type { AsideStore } from '../ports/upkeep-ports';
import { readAlone } from './read-alone';

export interface CatchUpDeps {
  readonly provider: Pick<ProviderApi, 'transaction' | 'transactions' | 'unit' | 'units'>;
  readonly asides: AsideStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly mint: Pick<Mint, 'fraction'>;
}

export interface CatchUpInput {
  /** Everything updated since then; null = everything there is. */
  readonly since: Instant | null;
  /**
   * `new-numbering`: the provider may have come back from a backup, in which rows carry the old
   * times of the old versions that came back. All units are fetched then, and a week more of
   * transactions.
   */
  readonly reach: 'changes' | 'new-numbering';
  /** Stores the rows of a page; the next page is not taken before it is done. */
  readonly take: (words: CaughtWords) => Promise<void>;
  readonly signal: AbortSignal;
}

export interface CaughtWords {
  readonly transactions: readonly TransactionWord[];
  readonly units: readonly UnitWord[];
  /** Everything done to these units up to here has been seen. Absent: nothing new is known. */
  readonly currentThrough?: Instant;
}

export interface CaughtUp {
  /** The provider's clock when it answered the first page: everything before it is stored. */
  readonly firstPageTime: Instant;
  readonly transactions: number;
  readonly units: number;
  readonly unreadable: number;
}

const PAGE_SIZE = 500;
/** A hundred million rows: whoever gives more leads us in a circle. */
const MOST_PAGES = 200_000;
const BACKUP_REACH_MS = 7 * DAY_MS;
/**
 * Rows that change while we read move to the end of the list. What changed this long after the
 * first page is the stream's to tell: without an end, a busy provider could be read for ever.
 */
const CHASE_MS = 5 * MINUTE_MS;
/**
 * A page is asked for again this often, after pauses that double; each asking has its own retries.
 */
const PAGE_TRIES = 6;
const FIRST_PAUSE_MS = 1_000;

/**
 * A page that cannot be had is asked for again, so that an outage half-way does not begin a long
 * list anew. Units are read after all transactions, and are current through the first page of
 * those: under a new numbering nothing that was heard before says so any more.
 *
 * @throws ProviderUnavailable when it stays away; what was taken until then is stored, and proves
 * nothing. The reason of `signal` when that aborts. Whatever `take` throws.
 */
export async function catchUp(deps: CatchUpDeps, input: CatchUpInput): Promise<CaughtUp> {
  const { provider } = deps;
  const wide = input.reach === 'new-numbering';
  const { since } = input;
  const transactionsSince = since !== null && wide ? plusMs(since, -BACKUP_REACH_MS) : since;
  const transactions = await readList(deps, input, {
    ask: (place) =>
      provider.transactions({ ...sinceOf(transactionsSince), ...place }, input.signal),
    alone: async (id) => provider.transaction(parseTxId(id), input.signal),
    take: (rows) => input.take({ transactions: rows, units: [] }),
    isBeyond: (row, firstPageTime) => row.updatedAt > plusMs(firstPageTime, CHASE_MS),
  });
  const { firstPageTime, unreadable } = transactions;
  const isWhole = unreadable === 0;
  const evidence = isWhole && { currentThrough: earlier(firstPageTime, deps.clock.now()) };
  const units = await readList(deps, input, {
    ask: (place) => provider.units({ ...sinceOf(wide ? null : since), ...place }, input.signal),
    alone: async (id) => provider.unit(parseUnitId(id), input.signal),
    take: (rows) => input.take({ transactions: [], units: rows, ...evidence }),
    isBeyond: () => false,
  });
  return {
    firstPageTime: earlier(firstPageTime, units.firstPageTime),
    transactions: transactions.rows,
    units: units.rows,
    unreadable: unreadable + units.unreadable,
  };
}

interface Place {
  readonly cursor?: string;
  readonly limit: number;
}

interface List<Row> {
  readonly ask: (place: Place) => Promise<Page<Row>>;
  readonly alone: (id: string) => Promise<Row | null>;
  readonly take: (rows: readonly Row[]) => Promise<void>;
  readonly isBeyond: (row: Row, firstPageTime: Instant) => boolean;
}

async function readList<Row>(deps: CatchUpDeps, input: CatchUpInput, list: List<Row>) {
  let cursor: string | null = null;
  let firstPageTime: Instant | null = null;
  let rows = 0;
  let unreadable = 0;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const place: Place = { limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) };
    const page: Page<Row> = await persist(deps, input, () => list.ask(place));
    const rescued = await readAlone(deps, page.unreadable, list.alone);
    if (page.rows.length + rescued.length > 0) await list.take([...page.rows, ...rescued]);
    input.signal.throwIfAborted();
    firstPageTime ??= page.time;
    rows += page.rows.length + rescued.length;
    unreadable += page.unreadable.length - rescued.length;
    const [first] = page.rows;
    cursor = page.next;
    const isDone = first !== undefined && list.isBeyond(first, firstPageTime);
    if (isDone || cursor === null) return { firstPageTime, rows, unreadable };
  }
  throw new ProviderUnavailable('The provider gave pages without end.', true);
}

async function persist<Answer>(
  deps: CatchUpDeps,
  { signal }: CatchUpInput,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      const mayRetry = error instanceof ProviderUnavailable && error.mayRetry;
      if (!mayRetry || tries === PAGE_TRIES) throw error;
      const pauseMs = Math.round(deps.mint.fraction() * FIRST_PAUSE_MS * 2 ** tries);
      deps.log.debug('page of the provider asked for again', { error, tries, pauseMs });
      await sleep(deps.clock, pauseMs, signal);
    }
  }
}

const sinceOf = (since: Instant | null): { readonly updatedAfter?: Instant } =>
  since === null ? {} : { updatedAfter: since };
