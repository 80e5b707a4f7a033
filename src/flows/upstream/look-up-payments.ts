/** Asks the provider about payments that are unresolved, and settles them with what it says. */
import { parseTxId, type ReportId, type TxId, type UnitId } from '../../domain/ids';
import { groupedBy } from '../../domain/grouping';
import type { Report } from '../../domain/payments/report';
import { MINUTE_MS, type Instant } from '../../domain/time';
import type { Statement, Transaction, TransactionWord } from '../../domain/payments/transaction';
import { ProviderUnavailable, type ProviderApi } from '../ports/provider-port';
import { settlePayments } from '../settle-payments';
import type { LookupResult, SettleDeps, SettleInput } from '../settlement/batch';
import type { AsideStore, FollowerStore, UnitStore } from '../ports/upkeep-ports';
import { workAtOnce } from '../work-at-once';
import { askBeforeClose } from './ask-where-short';
import { isAway } from './provider-away';
import { readAlone } from './read-alone';

export interface LookupDeps extends SettleDeps {
  readonly provider: ProviderApi;
  readonly follower: FollowerStore;
  readonly asides: AsideStore;
  readonly units: UnitStore;
}

export interface LookUpInput {
  readonly transactions: readonly Transaction[];
  readonly reports: readonly Report[];
  /** Where that is known already, nothing is asked, and all of them are put off. */
  readonly provider?: 'is-away';
  /** Aborted with a `ProviderUnavailable`: what has not been answered by then counts as missed. */
  readonly signal?: AbortSignal;
}

export interface LookedUp {
  readonly asked: number;
  /** Payments about which the provider could not be asked, or did not answer readably. */
  readonly missed: number;
  /** The provider is away; the rest waits for the next time. */
  readonly unreachable: boolean;
}

/** The provider's clock and the box's may differ by this much. */
const MARGIN_MS = 5 * MINUTE_MS;
/**
 * Pages of 500 of one unit's transactions: more than any unit has in the days that are looked at.
 */
const MOST_PAGES = 20;
const PAGE_SIZE = 500;

/** As many as the provider's client has calls under way; more would only wait in it. */
const AT_ONCE = 8;
/** So many in a row without an answer: it is away for us, however well it says it is. */
const MOST_MISSED = 8;
const MOST_NAMED = 20;

/** Asked of the provider about these payments; what it answers goes to the findings. */
interface Question {
  readonly ids: readonly (TxId | ReportId)[];
  readonly ask: () => Promise<void>;
}

interface Findings {
  readonly words: TransactionWord[];
  readonly looked: Map<TxId | ReportId, LookupResult>;
  missedInARow: number;
  unreachable: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Every payment given is settled, also where the provider is down: then its next look-up is put
 * off, and the one that uses up the schedule opens a break.
 *
 * @param settle what to settle them with, where failures are to be told apart.
 */
export async function lookUpPayments(
  deps: LookupDeps,
  input: LookUpInput,
  settle: (input: SettleInput) => Promise<unknown> = (found) => settlePayments(deps, found),
): Promise<LookedUp> {
  const { transactions, reports, signal } = input;
  const unreachable = input.provider === 'is-away';
  const found: Findings = { words: [], looked: new Map(), missedInARow: 0, unreachable, signal };
  const { streams } = await deps.follower.read();
  // However many reports name a transaction, it is asked for once.
  const byRef = groupedBy(
    reports.filter((report) => report.ref !== null),
    (report) => report.ref!,
  );
  const byUnit = groupedBy(
    reports.filter((report) => report.ref === null && report.unitId !== null),
    (report) => report.unitId!,
  );
  const questions: Question[] = [
    ...transactions.map(({ txId }) => askOne(deps, found, { txId, ids: [txId] })),
    ...[...byRef].map(([txId, rows]) =>
      askOne(deps, found, { txId, ids: rows.map((report) => report.id) }),
    ),
    ...[...byUnit].map(([unitId, rows]) => askUnit(deps, found, unitId, rows)),
  ];
  const work = (question: Question): Promise<void> => guarded(deps, found, question);
  await workAtOnce(questions, { most: AT_ONCE, work });
  const seenAt = deps.clock.now();
  const statements = found.words.map((word): Statement => ({
    ...word,
    streamRank: streams.length,
    witness: 'lookup',
    seenAt,
  }));
  await settle({
    statements,
    txIds: transactions.map((tx) => tx.txId),
    reportIds: reports.map((report) => report.id),
    looked: found.looked,
    beforeClose: askBeforeClose(deps),
  });
  const missed = [...found.looked.values()].filter((result) => result === 'unreachable').length;
  return { asked: found.looked.size, missed, unreachable: found.unreachable };
}

function askOne(
  deps: LookupDeps,
  found: Findings,
  { txId, ids }: { readonly txId: TxId; readonly ids: Question['ids'] },
): Question {
  const ask = async (): Promise<void> => {
    const word = await deps.provider.transaction(txId, found.signal);
    if (word !== null) found.words.push(word);
    for (const id of ids) found.looked.set(id, word === null ? 'unknown-there' : 'answered');
  };
  return { ids, ask };
}

/** Reports that name no transaction: the unit's recent ones are read, and settle pairs them. */
function askUnit(
  deps: LookupDeps,
  found: Findings,
  unitId: UnitId,
  reports: readonly Report[],
): Question {
  const ids = reports.map((report) => report.id);
  const ask = async (): Promise<void> => {
    const earliest = Math.min(...reports.map((report) => report.paidAt));
    const updatedAfter = (earliest - MARGIN_MS) as Instant;
    found.words.push(...(await readUnit(deps, { unitId, updatedAfter }, found.signal)));
    for (const id of ids) found.looked.set(id, 'unknown-there');
  };
  return { ids, ask };
}

async function readUnit(
  deps: LookupDeps,
  query: { readonly unitId: UnitId; readonly updatedAfter: Instant },
  signal: AbortSignal | undefined,
): Promise<TransactionWord[]> {
  const words: TransactionWord[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const part = { ...query, limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) };
    const answer = await deps.provider.transactions(part, signal);
    const alone = (id: string) => deps.provider.transaction(parseTxId(id), signal);
    words.push(...answer.rows, ...(await readAlone(deps, answer.unreadable, alone)));
    cursor = answer.next;
    if (cursor === null) return words;
  }
  throw new ProviderUnavailable(
    `The latest transactions of unit ${query.unitId} have no end.`,
    true,
  );
}

/**
 * Once the provider is away, the rest of this round is not asked for. One payment that it cannot
 * speak about keeps no other from being looked up.
 */
async function guarded(deps: LookupDeps, found: Findings, { ids, ask }: Question): Promise<void> {
  try {
    if (!found.unreachable) {
      await ask();
      found.missedInARow = 0;
      return;
    }
  } catch (error) {
    if (!(error instanceof ProviderUnavailable)) throw error;
    deps.log.warn('payments could not be looked up', { ids: ids.slice(0, MOST_NAMED), error });
    found.missedInARow += 1;
    const isLost = found.missedInARow >= MOST_MISSED || (await isAway(deps.provider, found.signal));
    if (isLost) found.unreachable = true;
  }
  for (const id of ids) found.looked.set(id, 'unreachable');
}
