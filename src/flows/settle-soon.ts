/** Settles what was just stored, as far as it goes; what is left over, the sweeps find. */
import { settleEach } from './sweeps/settle-each';
import type { SettleDeps, SettleInput } from './settlement/batch';

const MOST_NAMED = 20;

/**
 * One payment that fails for a reason of ours holds up no other.
 * @throws StorageUnavailable when the database cannot be asked; nothing is lost then.
 */
export async function settleSoon(deps: SettleDeps, input: SettleInput): Promise<void> {
  const { failed } = await settleEach(deps, input);
  const [first] = failed;
  if (first === undefined) return;
  deps.log.error('payments left to the sweeps', {
    ...{ ids: failed.slice(0, MOST_NAMED).map(({ id }) => id), count: failed.length },
    error: first.error,
  });
}
