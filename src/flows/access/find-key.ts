/** Finds the key that a caller holds by its hash; a revoked one is as good as unknown. */
import type { AccessKey } from '../../domain/access';
import type { Digest } from '../ports/digest-port';
import type { KeyStore } from '../ports/upkeep-ports';

/** @param text what the caller sent; it is hashed here and goes no further. */
export async function findKey(
  deps: { readonly keys: Pick<KeyStore, 'byHash'>; readonly digest: Digest },
  { text }: { readonly text: string },
): Promise<AccessKey | null> {
  const key = await deps.keys.byHash(deps.digest(text));
  return key === null || key.revokedAt !== null ? null : key;
}
