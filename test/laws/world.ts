/** One estate, its stores, and as many service processes on them as a test wants. */
import { createHash } from 'node:crypto';
import { newBox, type Box } from '../../src/domain/box';
import { parseBoxId, parseRentalId, type ReportId, type TxId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import type { Terms } from '../../src/domain/ledger/price';
import type { Rental } from '../../src/domain/rental';
import { plusMs, type Instant } from '../../src/domain/time';
import type { PaymentDeps } from '../../src/flows/accept-payment';
import type { DecideDeps } from '../../src/flows/deciding/decision';
import type { EndTenancyDeps } from '../../src/flows/rentals/end-tenancy';
import type {
  BreakStore,
  EntryStore,
  RentalStore,
  ReportStore,
  TenancyStore,
  TransactionStore,
} from '../../src/flows/ports/money-ports';
import { settlePayments } from '../../src/flows/settle-payments';
import type { AuditStore, ReferenceStore } from '../../src/flows/ports/upkeep-ports';
import { rentalOf, SETTINGS, START } from '../support/estate';
import { createFakeAuditStore } from '../support/fakes/audit-store';
import { createFakeBreakStore } from '../support/fakes/break-store';
import { createFakeEntryStore } from '../support/fakes/entry-store';
import { createFakeReferenceStore } from '../support/fakes/reference-store';
import { createFakeRentalStore } from '../support/fakes/rental-store';
import { createFakeReportStore } from '../support/fakes/report-store';
import { createFakeTenancyStore } from '../support/fakes/tenancy-store';
import { createFakeTransactionStore } from '../support/fakes/transaction-store';
import { createManualClock, type ManualClock } from '../support/manual-clock';
import { noHints } from '../support/no-hints';
import { quietLog } from '../support/quiet-log';
import { behind, openGate, type Gate } from './gates';

export interface MoneyStores {
  readonly transactions: TransactionStore;
  readonly reports: ReportStore;
  readonly entries: EntryStore;
  readonly tenancies: TenancyStore;
  readonly rentals: RentalStore;
  readonly breaks: BreakStore;
  readonly references: ReferenceStore;
  readonly audit: AuditStore;
}

/** All that the flows under test ask for. */
export type Process = DecideDeps & PaymentDeps & EndTenancyDeps;

export interface World {
  readonly stores: MoneyStores;
  readonly clock: ManualClock;
  /** A service process on the stores of this world; what it does goes through `gate`. */
  process(gate?: Gate): Process;
}

export const RENTAL_ID = parseRentalId('r_1');
const BOX_ID = parseBoxId('box_1');

/** Instants of a history lie before this one, so that nothing in it is dated ahead. */
export const TODAY: Instant = plusMs(START, 20 * 86_400_000);

/** L$ 700 a week; for what is paid an hour later and more, L$ 1,050 a month. */
export const TERMS: readonly Terms[] = [
  rentalOf(1).terms[0]!,
  {
    from: plusMs(START, 3_600_000),
    price: { amount: lindens(1_050), term: 'month' },
    minimum: null,
    graceHours: null,
  },
];

/** The box of the rental, paired; only what intake reads of it counts. */
export const BOX: Box = { ...newBox(BOX_ID, RENTAL_ID, START), rev: 1, state: 'paired' };

export function storesInMemory(): MoneyStores {
  return {
    transactions: createFakeTransactionStore(),
    reports: createFakeReportStore(),
    entries: createFakeEntryStore(),
    tenancies: createFakeTenancyStore(),
    rentals: createFakeRentalStore(),
    breaks: createFakeBreakStore(),
    references: createFakeReferenceStore(),
    audit: createFakeAuditStore(),
  };
}

/** A world with one vacant rental. */
export async function createWorld(
  stores: MoneyStores = storesInMemory(),
  rental: Partial<Rental> = {},
): Promise<World> {
  const clock = createManualClock(TODAY);
  await stores.rentals.save([rentalOf(1, { terms: TERMS, boxId: BOX_ID, ...rental })]);
  const nobody = { settle: (): void => undefined };
  return {
    stores,
    clock,
    process: (gate = openGate) => ({
      ...behind(gate, stores),
      ...{ clock, settings: SETTINGS, log: quietLog, wake: nobody, hints: noHints },
      digest: (text) => createHash('sha256').update(text).digest('hex'),
    }),
  };
}

/** Settles what is due until nothing is: what the sweep of each minute does, without a provider. */
export async function sweep(process: Process): Promise<void> {
  for (let pass = 0; pass < 30; pass += 1) {
    const now = process.clock.now();
    const transactions = await process.transactions.due(now, 200);
    const reports = await process.reports.due(now, 200);
    if (transactions.length + reports.length === 0) return;
    const txIds: TxId[] = transactions.map((tx) => tx.txId);
    const reportIds: ReportId[] = reports.map((report) => report.id);
    await settlePayments(process, { txIds, reportIds });
  }
  throw new Error('The sweep never comes to an end: what it settles is due again at once.');
}

/** The next minute's sweep, by a process that is alive. */
export async function sweepAMinuteLater(world: World): Promise<void> {
  await world.clock.advance(60_000);
  await sweep(world.process());
}
