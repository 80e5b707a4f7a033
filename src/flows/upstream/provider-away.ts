/** Tells a provider that is away from one that merely cannot answer about one thing. */
import { ProviderUnavailable, type ProviderApi } from '../ports/provider-port';

/**
 * One unit or transaction that the provider cannot give says nothing about all others: only when
 * its health cannot be had either, or is `down`, or it refuses us, is there nothing to ask for.
 */
export async function isAway(
  provider: Pick<ProviderApi, 'health'>,
  fault: ProviderUnavailable,
  signal?: AbortSignal,
): Promise<boolean> {
  if (!fault.mayRetry) return true;
  try {
    return (await provider.health(signal)).status === 'down';
  } catch (error) {
    if (error instanceof ProviderUnavailable) return true;
    throw error;
  }
}
