/** Gives a break to somebody. */
import type { BreakId } from '../../domain/ids';
import type { Acting } from '../access/acting';
import { changeBreak, type BreakChanged, type ChangeBreakDeps } from './change-break';
import { conflict, type Conflict, type NotFound } from '../access/refusal';

export async function assignBreak(
  deps: ChangeBreakDeps,
  input: { readonly id: BreakId; readonly owner: string; readonly by: Acting },
): Promise<BreakChanged | NotFound | Conflict> {
  const { id, owner, by } = input;
  return changeBreak(deps, {
    id,
    by,
    action: 'break-assigned',
    plan: (found) => {
      if (found.owner === owner) return found;
      return found.state === 'resolved' ? conflict('This break is resolved.') : { ...found, owner };
    },
  });
}
