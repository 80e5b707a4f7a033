/** Revokes an access key; what was done with it stays recorded under its name. */
import type { AccessKey } from '../../domain/access';
import type { Acting } from './acting';
import type { EstatePorts } from '../ports/estate-ports';
import { listKeys, reaches } from './list-keys';
import { recordChange, startChange } from './record-change';
import { recordedKey } from './recorded';
import { conflict, NOT_FOUND, type Conflict, type NotFound } from './refusal';

export type RevokeKey = { readonly kind: 'revoked'; readonly key: AccessKey } | NotFound | Conflict;

const ACTION = 'key-revoked';
const PAGE = 200;

/** The last key that can make keys for every region stays. */
export async function revokeKey(
  deps: Pick<EstatePorts, 'keys' | 'digest' | 'audit' | 'clock'>,
  { id, by }: { readonly id: string; readonly by: Acting },
): Promise<RevokeKey> {
  const key = await deps.keys.get(id);
  if (key === null || !reaches(by, key.regions)) return NOT_FOUND;
  const { at, earlier } = await startChange(deps, { by, subject: id, action: ACTION });
  if (key.revokedAt !== null) {
    const own = earlier !== null && key.revokedAt === at;
    return own ? { kind: 'revoked', key } : conflict('This key is revoked already.');
  }
  if (isMaster(key) && !(await hasOtherMaster(deps, id))) {
    return conflict('This is the last owner key for all regions: make another one first.');
  }
  const revoked: AccessKey = { ...key, revokedAt: at };
  const region = key.regions.length === 1 ? key.regions[0]! : null;
  const change = { by, subject: id, region, action: ACTION, at };
  await recordChange(deps, { ...change, before: recordedKey(key), after: recordedKey(revoked) });
  await deps.keys.save(revoked);
  return { kind: 'revoked', key: revoked };
}

const isMaster = (key: AccessKey): boolean =>
  key.role === 'owner' && key.regions.length === 0 && key.revokedAt === null;

async function hasOtherMaster(deps: Pick<EstatePorts, 'keys'>, id: string): Promise<boolean> {
  let cursor: string | null = null;
  do {
    const page = await listKeys(deps, { limit: PAGE, cursor, scope: { regions: [] } });
    if (page.rows.some((key) => key.id !== id && isMaster(key))) return true;
    cursor = page.next;
  } while (cursor !== null);
  return false;
}
