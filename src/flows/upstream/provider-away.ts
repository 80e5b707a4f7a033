/** Tells a provider that is away from one that merely cannot answer about one thing. */
import { ProviderUnavailable, type ProviderApi } from '../ports/provider-port';

/**
 * One unit or transaction that the provider cannot or will not give says nothing about all others:
 * only when its health, asked under the same token, cannot be had either, or is `down`, is there
 * nothing to ask for.
 */
export async function isAway(
  provider: Pick<ProviderApi, 'health'>,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    return (await provider.health(signal)).status === 'down';
  } catch (error) {
    if (error instanceof ProviderUnavailable) return true;
    throw error;
  }
}
