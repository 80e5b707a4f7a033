/** Lists keys: a limited owner sees those that reach no further than its own. */
import type { AccessKey } from '../../domain/access';
import type { Scope } from './acting';
import type { EstatePorts } from '../ports/estate-ports';
import type { Listing, ListInput } from '../ports/money-ports';

/** Pages that one call looks through before it answers with what it found. */
const MOST_PAGES = 50;

/**
 * For a limited key a page may hold fewer rows than `limit`; only `next` null is the end. Pages are
 * read no larger than what is still wanted, so that `next` is always the store's own.
 */
export async function listKeys(
  deps: Pick<EstatePorts, 'keys'>,
  { limit, scope, ...input }: ListInput & { readonly scope: Scope },
): Promise<Listing<AccessKey>> {
  const rows: AccessKey[] = [];
  let { cursor } = input;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await deps.keys.list({ limit: limit - rows.length, cursor });
    rows.push(...page.rows.filter((key) => reaches(scope, key.regions)));
    cursor = page.next;
    if (cursor === null || rows.length === limit) break;
  }
  return { rows, next: cursor };
}

/** Whether what is limited to `regions` (empty = nothing is out of its reach) lies within scope. */
export function reaches(scope: Scope, regions: readonly string[]): boolean {
  if (scope.regions.length === 0) return true;
  return regions.length > 0 && regions.every((region) => scope.regions.includes(region));
}
