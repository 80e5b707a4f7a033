/**
 * The one way in which a payment becomes time: box calls, provider messages, sweeps and managers
 * all end here. Each step is a single write that can be repeated; killed after any of them, the
 * payment is still unfinished and the next settle begins again without harm.
 */
import type { RentalId, ReportId, TxId } from '../domain/ids';
import type { Rental } from '../domain/rental';
import type { Statement } from '../domain/payments/transaction';
import { groupedBy } from '../domain/grouping';
import { refreshRentals } from './refresh-rentals';
import { assignTenancies } from './settlement/assign-tenancies';
import { subjectTxs, type SettleDeps, type SettleInput, type Subjects } from './settlement/batch';
import { closePayments, paymentsToClose } from './settlement/close-payments';
import { loadBatch } from './settlement/load-batch';
import { creditPayments } from './settlement/credit-payments';
import { finishPayments } from './settlement/finish-payments';
import { knownRentals } from './settlement/known-rentals';
import { linkPayments } from './settlement/link-payments';
import { openPayments, rentalsTurned } from './settlement/open-payments';
import { saveCreditable, saveReports } from './settlement/save-batch';

/** Subjects of one round: as many as one batch of writes carries well. */
const ROUND_SIZE = 1_000;
/** Each loss means that somebody else got on; more than this many means that something is wrong. */
const MOST_TRIES = 30;

export interface Settled {
  /** Rentals whose caches were looked at again. */
  readonly rentals: ReadonlySet<RentalId>;
  /** As their caches stand now; one that others kept changing is left out. */
  readonly fresh: ReadonlyMap<RentalId, Rental>;
}

/** @throws StorageUnavailable when the database cannot be asked; nothing is lost then. */
export async function settlePayments(deps: SettleDeps, input: SettleInput): Promise<Settled> {
  const rentals = new Set<RentalId>();
  const fresh = new Map<RentalId, Rental>();
  for (const round of rounds(input)) {
    await settleAll(deps, round, { input, rentals, fresh });
  }
  return { rentals, fresh };
}

interface Run {
  readonly looked: SettleInput['looked'] | undefined;
  readonly beforeRefresh: SettleInput['beforeRefresh'] | undefined;
  readonly beforeClose: SettleInput['beforeClose'] | undefined;
  readonly rentals: Set<RentalId>;
  readonly fresh: Map<RentalId, Rental>;
}

/** Until nobody else has changed one of them meanwhile. */
async function settleAll(
  deps: SettleDeps,
  round: Subjects,
  { input, ...found }: Pick<Run, 'rentals' | 'fresh'> & { readonly input: SettleInput },
): Promise<void> {
  const { looked, beforeRefresh, beforeClose } = input;
  let left: Subjects | null = round;
  for (let tries = 0; left !== null; tries += 1) {
    if (tries === MOST_TRIES) throw new Error('A payment was changed by others 30 times over.');
    const before = { beforeRefresh, beforeClose };
    const run = { looked: tries === 0 ? looked : undefined, ...before, ...found };
    left = await settleRound(deps, left, run);
  }
}

async function settleRound(
  deps: SettleDeps,
  subjects: Subjects,
  run: Run,
): Promise<Subjects | null> {
  const batch = await loadBatch(deps, subjects);
  const [txs, reports] = [[...batch.storedTxs.values()], [...batch.storedReports.values()]];
  const differences = await linkPayments(deps, batch);
  const unassigned = await assignTenancies(deps, batch);
  await saveCreditable(deps, batch);
  await saveReports(deps, batch);
  const credited = await creditPayments(deps, batch);
  const looked = run.looked ?? new Map();
  await finishPayments(deps, batch, { credited, unassigned, differences, looked });
  const closing = paymentsToClose(batch);
  const known = knownRentals(batch);
  const turned = () => rentalsTurned(batch, openPayments(txs, reports));
  await run.beforeRefresh?.();
  const { stale, fresh } = await refreshRentals(deps, [...batch.touched], { known, turned });
  await run.beforeClose?.(subjectTxs(batch));
  await closePayments(deps, closing, stale);
  for (const id of batch.touched) run.rentals.add(id);
  for (const [id, rental] of fresh) run.fresh.set(id, rental);
  for (const id of stale) run.fresh.delete(id);
  if (batch.lostTxs.size === 0 && batch.lostReports.size === 0) return null;
  return {
    statements: new Map([...subjects.statements].filter(([id]) => batch.lostTxs.has(id))),
    txIds: batch.lostTxs,
    reportIds: batch.lostReports,
  };
}

function rounds(input: SettleInput): Subjects[] {
  const statements = groupedBy<TxId, Statement>(input.statements ?? [], (one) => one.txId);
  const txIds = [...new Set([...statements.keys(), ...(input.txIds ?? [])])];
  const reportIds = [...new Set(input.reportIds ?? [])];
  const all: Subjects[] = [];
  for (let i = 0; i < Math.max(txIds.length, reportIds.length); i += ROUND_SIZE) {
    const txs = txIds.slice(i, i + ROUND_SIZE);
    const reports: ReportId[] = reportIds.slice(i, i + ROUND_SIZE);
    all.push({
      statements: new Map(
        txs.flatMap((id) => (statements.has(id) ? [[id, statements.get(id)!]] : [])),
      ),
      txIds: new Set(txs),
      reportIds: new Set(reports),
    });
  }
  return all;
}
