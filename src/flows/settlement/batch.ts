/**
 * The working set of one settle round: what was read, what is about to be written; no decisions.
 */
import { isRefused } from '../../domain/ledger/credit-target';
import { foldStatements } from '../../domain/payments/statements';
import type { RentalId, ReportId, TenancyId, TxId } from '../../domain/ids';
import type { Entry } from '../../domain/ledger/entry';
import type { Tenancy } from '../../domain/ledger/tenancy';
import type { Rental } from '../../domain/rental';
import type { Report, ReturnedWord } from '../../domain/payments/report';
import type { Statement, Transaction } from '../../domain/payments/transaction';
import type { Instant } from '../../domain/time';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log-port';
import type {
  BreakStore,
  EntryStore,
  RentalStore,
  ReportStore,
  TenancyStore,
  TransactionStore,
} from '../ports/money-ports';
import type { Hints } from '../ports/hints-port';
import type { Settings } from '../ports/settings';

export interface SettleDeps {
  readonly transactions: TransactionStore;
  readonly reports: ReportStore;
  readonly entries: EntryStore;
  readonly tenancies: TenancyStore;
  readonly rentals: RentalStore;
  readonly breaks: BreakStore;
  readonly hints: Hints;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly log: Log;
}

/** What a look-up at the provider came to, for the schedule of the next one. */
export type LookupResult = 'answered' | 'unknown-there' | 'unreachable';

export interface SettleInput {
  readonly statements?: readonly Statement[];
  readonly txIds?: readonly TxId[];
  readonly reportIds?: readonly ReportId[];
  /** Payments that were looked up just now. */
  readonly looked?: ReadonlyMap<TxId | ReportId, LookupResult>;
  /** Awaited when the payments are credited, and no cache shows it yet. */
  readonly beforeRefresh?: () => Promise<unknown>;
  /** Called with each round's transactions when caches are right, while the payments are due. */
  readonly beforeClose?: BeforeClose;
}

/** What belongs to a payment's end: killed before it is done, the payment is settled once more. */
export type BeforeClose = (transactions: readonly Transaction[]) => Promise<unknown>;

/** One round's subjects: what must be settled, as opposed to what merely stands nearby. */
export interface Subjects {
  readonly statements: ReadonlyMap<TxId, readonly Statement[]>;
  /** Grows by transactions whose link changes in the round. */
  readonly txIds: Set<TxId>;
  readonly reportIds: Set<ReportId>;
}

export interface Batch {
  readonly subjects: Subjects;
  readonly now: Instant;
  /** Revisions of what was due already when it was read: somebody's round may be open on it. */
  readonly dueBefore: ReadonlyMap<TxId | ReportId, number>;
  /** As stored; a subject that is new has none. */
  readonly storedTxs: Map<TxId, Transaction>;
  readonly storedReports: Map<ReportId, Report>;
  /** As they ought to be; saved where they differ from what is stored. */
  readonly txs: Map<TxId, Transaction>;
  readonly reports: Map<ReportId, Report>;
  readonly returned: Map<ReportId, ReturnedWord>;
  readonly rentals: Map<RentalId, Rental>;
  /** Transactions with the reports that they stay linked to: nothing else is read around them. */
  readonly standing: Map<TxId, ReportId>;
  /** Payments that were given their tenancy in this round. */
  readonly assigned: Set<TxId | ReportId>;
  /** Tenancies of rentals as they stand; left out where this round has begun or ended one. */
  readonly tenancies: Map<RentalId, readonly Tenancy[]>;
  /** Entries that this round has made, or found under the source that it meant to use. */
  readonly appended: Map<TenancyId, Entry[]>;
  /** Rentals whose caches must be refreshed. */
  readonly touched: Set<RentalId>;
  /** Subjects that somebody else changed meanwhile: to be done again from the start. */
  readonly lostTxs: Set<TxId>;
  readonly lostReports: Set<ReportId>;
}

/** Subjects that take part in a group or a name: transactions of units of ours. */
export function subjectTxs(batch: Batch): Transaction[] {
  return [...batch.subjects.txIds].flatMap((id) => batch.txs.get(id) ?? []);
}

export function subjectReports(batch: Batch): Report[] {
  return [...batch.subjects.reportIds].flatMap((id) => batch.reports.get(id) ?? []);
}

/** It was paid, and belongs to no tenancy yet. */
export function waitsForTenancy({ lostTxs }: Batch, tx: Transaction): boolean {
  const isOpen = tx.rentalId !== null && tx.tenancyId === null && tx.takenBy === null;
  return isOpen && foldStatements(tx.statements).wasPaid && !isRefused(tx) && !lostTxs.has(tx.txId);
}
