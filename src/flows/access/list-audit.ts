/** Lists who changed what, when and why, the latest first, as far as a key reaches. */
import type { Audit } from '../../domain/access';
import type { Scope } from './acting';
import type { EstatePorts } from '../ports/estate-ports';
import type { Listing, ListInput } from '../ports/money-ports';

export async function listAudit(
  deps: Pick<EstatePorts, 'audit'>,
  input: ListInput & { readonly subject: string | null; readonly scope: Scope },
): Promise<Listing<Audit>> {
  const { limit, cursor, subject, scope } = input;
  return deps.audit.list({ limit, cursor, subject, regions: scope.regions });
}
