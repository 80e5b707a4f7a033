/** Brings the owner key of the environment in at start; further keys are made through the API. */
import { SYSTEM } from '../../domain/ledger/entry';
import type { AccessKey } from '../../domain/access';
import type { EstatePorts } from '../ports/estate-ports';
import { recordChange } from './record-change';
import { recordedKey } from './recorded';

/**
 * `added`: the first key, or another value than before, beside the others. `known`: nothing to do.
 * `revoked`: this value was revoked, and stays so. `missing`: there is no key at all, and none
 * given:
 * the service cannot be administered, and must not start.
 */
export type BootstrapKey =
  | { readonly kind: 'added'; readonly keyId: string }
  | { readonly kind: 'known' }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'missing' };

export interface GivenKey {
  /** The value of ADMIN_KEY. */
  readonly text: string;
  /**
   * At least 24 hex characters that are the same for the same text in every process, and tell
   * nothing of it: ids and names stand in logs and audits, where a plain hash of a text that a
   * person has thought of could be guessed.
   */
  readonly mark: string;
}

/** @param given null = unset. Any number of processes may call it. */
export async function bootstrapKey(
  deps: Pick<EstatePorts, 'keys' | 'digest' | 'audit' | 'clock'>,
  given: GivenKey | null,
): Promise<BootstrapKey> {
  if (given === null)
    return (await deps.keys.count()) === 0 ? { kind: 'missing' } : { kind: 'known' };
  const hash = deps.digest(given.text);
  const found = await deps.keys.byHash(hash);
  if (found !== null) return { kind: found.revokedAt === null ? 'known' : 'revoked' };
  const keyId = `key_env_${given.mark.slice(0, 24)}`;
  const at = deps.clock.now();
  const name = `ADMIN_KEY ${given.mark.slice(0, 8)}`;
  const owner = { id: keyId, name, role: 'owner', regions: [], hash } as const;
  const key: AccessKey = { ...owner, createdAt: at, revokedAt: null };
  const reason = 'Given in the environment of the service.';
  await recordChange(deps, {
    by: { requestId: `bootstrap ${keyId}`, author: SYSTEM, regions: [], reason },
    subject: keyId,
    region: null,
    action: 'key-created',
    at,
    before: null,
    after: recordedKey(key),
  });
  await deps.keys.save(key);
  return { kind: 'added', keyId };
}
