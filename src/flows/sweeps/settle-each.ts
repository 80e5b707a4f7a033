/** Settles payments together, or each alone where one of them fails; judges no failure. */
import type { RentalId, ReportId, TxId } from '../../domain/ids';
import { groupedBy } from '../../domain/grouping';
import type { Statement } from '../../domain/payments/transaction';
import { StorageUnavailable } from '../ports/money-ports';
import { settlePayments, type Settled } from '../settle-payments';
import type { SettleDeps, SettleInput } from '../settlement/batch';

export interface SettledEach extends Pick<Settled, 'rentals'> {
  readonly failed: readonly { readonly id: TxId | ReportId; readonly error: unknown }[];
}

/** @throws StorageUnavailable when the database cannot be asked; nothing is lost then. */
export async function settleEach(deps: SettleDeps, input: SettleInput): Promise<SettledEach> {
  try {
    const { rentals } = await settlePayments(deps, input);
    return { rentals, failed: [] };
  } catch (error) {
    if (error instanceof StorageUnavailable) throw error;
  }
  const rentals = new Set<RentalId>();
  const failed: { id: TxId | ReportId; error: unknown }[] = [];
  for (const { id, alone } of apart(input)) {
    try {
      const settled = await settlePayments(deps, alone);
      for (const rentalId of settled.rentals) rentals.add(rentalId);
    } catch (error) {
      if (error instanceof StorageUnavailable) throw error;
      failed.push({ id, error });
    }
  }
  return { rentals, failed };
}

interface Apart {
  readonly id: TxId | ReportId;
  readonly alone: SettleInput;
}

function apart({ statements = [], txIds = [], reportIds = [], ...also }: SettleInput): Apart[] {
  const said = groupedBy<TxId, Statement>(statements, (one) => one.txId);
  const transactions = [...new Set([...said.keys(), ...txIds])].map((id) => ({
    id,
    alone: { statements: said.get(id) ?? [], txIds: [id], ...also },
  }));
  const reports = [...new Set(reportIds)].map((id) => ({
    id,
    alone: { reportIds: [id], ...also },
  }));
  return [...transactions, ...reports];
}
