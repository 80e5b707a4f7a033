/**
 * The settle sweep of each minute: due look-ups, unfinished steps, second keys and single resyncs.
 */
import type { Rental } from '../../domain/rental';
import type { Report } from '../../domain/payments/report';
import type { SweepCounts } from '../../domain/sweep';
import { MINUTE_MS } from '../../domain/time';
import type { Transaction } from '../../domain/payments/transaction';
import { askSecondKey } from '../upstream/ask-second-key';
import { lookUpPayments } from '../upstream/look-up-payments';
import { StorageUnavailable } from '../ports/money-ports';
import { ProviderUnavailable } from '../ports/provider-port';
import { resyncOne } from '../resync/resync-one';
import type { ResyncDeps } from '../resync/run-resync';
import { settlePayments } from '../settle-payments';
import type { SweepEnd, SweepRun } from '../ports/sweep-port';

/** Payments taken up at once, and passes in one run; what is left is due again a minute later. */
const BATCH = 200;
const MOST_PASSES = 250;
const AT_ONCE = 8;

interface Run extends SweepRun {
  counts: SweepCounts;
  /** The provider did not answer once in this run: nothing more is asked of it. */
  unreachable: boolean;
}

/** Every part stands alone: what fails is logged and due again, and the others go on. */
export async function runSettleSweep(deps: ResyncDeps, given: SweepRun): Promise<SweepEnd> {
  const run: Run = { ...given, counts: given.sweep.counts, unreachable: false };
  try {
    await settleDue(deps, run);
    await eachRental(deps, run, {
      due: () => deps.rentals.resyncsDue(deps.clock.now(), BATCH),
      work: async (rental) => {
        const { repairs, breaks } = await resyncOne(deps, rental.id);
        add(run, { repaired: repairs.length, breaks });
      },
    });
    await eachRental(deps, run, {
      due: () => deps.rentals.secondKeysDue(deps.clock.now(), BATCH),
      work: async (rental) => {
        const { unreachable } = await askSecondKey(deps, rental);
        if (unreachable) run.unreachable = true;
      },
    });
    return await close(deps, run, run.signal.aborted ? 'incomplete' : 'complete', null);
  } catch (error) {
    const passing = error instanceof StorageUnavailable;
    deps.log.error('sweep.failed', { sweepId: run.sweep.id, error });
    return close(deps, run, passing ? 'incomplete' : 'failed', error);
  }
}

/** Each pass moves what it took up into the future, so that the passes come to an end. */
async function settleDue(deps: ResyncDeps, run: Run): Promise<void> {
  for (let pass = 0; pass < MOST_PASSES && !run.signal.aborted; pass += 1) {
    const now = deps.clock.now();
    const [transactions, reports] = await Promise.all([
      deps.transactions.due(now, BATCH),
      deps.reports.due(now, BATCH),
    ]);
    if (transactions.length + reports.length === 0) return;
    const firstMs = (deps.settings.lookupMinutes[0] ?? 1) * MINUTE_MS;
    const isOld = (since: number | null): boolean => since !== null && now - since >= firstMs;
    const oldTxs = transactions.filter((tx) => isOld(tx.unresolvedSince));
    const oldReports = reports.filter((report) => isOld(report.receivedAt) && isOpen(report));
    await settlePayments(deps, {
      txIds: without(transactions, oldTxs).map((tx) => tx.txId),
      reportIds: without(reports, oldReports).map((report) => report.id),
    });
    const asked = await lookUpPayments(deps, { transactions: oldTxs, reports: oldReports });
    if (asked.unreachable) run.unreachable = true;
    add(run, { compared: transactions.length + reports.length });
  }
}

/** A report of a rental without a provider has nobody to be looked up at. */
const isOpen = (report: Report): boolean => report.unitId !== null;

function without<Row extends Transaction | Report>(
  rows: readonly Row[],
  taken: readonly Row[],
): Row[] {
  const out = new Set(taken);
  return rows.filter((row) => !out.has(row));
}

async function eachRental(
  deps: ResyncDeps,
  run: Run,
  part: {
    readonly due: () => Promise<Rental[]>;
    readonly work: (rental: Rental) => Promise<void>;
  },
): Promise<void> {
  const queue = await part.due();
  add(run, { compared: queue.length });
  const worker = async (): Promise<void> => {
    for (let rental = queue.shift(); rental !== undefined; rental = queue.shift()) {
      if (run.signal.aborted) return;
      if (run.unreachable && rental.verifiedBy === 'provider') continue;
      await guarded(deps, run, rental, part.work);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function guarded(
  deps: ResyncDeps,
  run: Run,
  rental: Rental,
  work: (rental: Rental) => Promise<void>,
): Promise<void> {
  try {
    await work(rental);
  } catch (error) {
    if (error instanceof StorageUnavailable) throw error;
    if (error instanceof ProviderUnavailable) {
      run.unreachable = true;
      return;
    }
    add(run, { failed: 1 });
    deps.log.error('sweep.rental-failed', { sweepId: run.sweep.id, rentalId: rental.id, error });
  }
}

function add(run: Run, more: Partial<SweepCounts>): void {
  const { counts } = run;
  run.counts = {
    compared: counts.compared + (more.compared ?? 0),
    repaired: counts.repaired + (more.repaired ?? 0),
    breaks: counts.breaks + (more.breaks ?? 0),
    failed: counts.failed + (more.failed ?? 0),
  };
}

async function close(
  deps: ResyncDeps,
  run: Run,
  status: 'complete' | 'incomplete' | 'failed',
  error: unknown,
): Promise<SweepEnd> {
  const finishedAt = status === 'incomplete' ? null : deps.clock.now();
  const fault = error instanceof Error ? error.message.slice(0, 500) : null;
  const change = { status, counts: run.counts, finishedAt, fault };
  try {
    const written = await deps.sweeps.progress(run.sweep.id, run.fence, change);
    return written ? status : 'lost';
  } catch (failure) {
    if (!(failure instanceof StorageUnavailable)) throw failure;
    return 'incomplete';
  }
}
