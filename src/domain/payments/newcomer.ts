/** Whose payment it is, where the provider lets the unit to somebody else already. */
import { foldStatements } from './statements';
import type { Agent, Transaction, TransactionWord } from './transaction';

interface Tenanted {
  readonly tenant: Agent;
}

/**
 * Neither paid by the tenant nor, by the provider's word, for them: whatever becomes of it, it adds
 * nothing to their tenancy unless a person says so.
 */
export function isOfNewcomer({ statements }: Transaction, { tenant }: Tenanted): boolean {
  const { highest, highestCompleted } = foldStatements(statements);
  return saysNewcomer(highestCompleted ?? highest, { tenant });
}

export const saysNewcomer = (
  { tenant: named, payer }: Pick<TransactionWord, 'tenant' | 'payer'>,
  { tenant }: Tenanted,
): boolean => named !== null && named.key !== tenant.key && payer.key !== tenant.key;
