/**
 * The settings under which the service is measured: its own, but for what follows; starts nothing.
 */
import { randomBytes } from 'node:crypto';
import type { Ground } from './ground';

/** A fire that no run of the bench lives to see. */
const NEVER = '0 0 29 2 *';

/**
 * The cron sweeps stay out: a fire of the minute in the slice of one side only would tell of the
 * minute, not of the sides. What the figures are about never waits for a sweep.
 */
export function serviceEnvironment(
  { engine, secretKey }: Pick<Ground, 'engine' | 'secretKey'>,
  provider: { readonly url: string; readonly token: string },
): Readonly<Record<string, string>> {
  return {
    HOST: '127.0.0.1',
    PORT: '0',
    METRICS_PORT: '0',
    MONGODB_URI: engine.uri,
    PROVIDER_URL: provider.url,
    PROVIDER_TOKEN: provider.token,
    ADMIN_KEY: randomBytes(32).toString('base64url'),
    SECRET_KEY: secretKey.toString('base64'),
    SETTLE_CRON: NEVER,
    RESYNC_CRON: NEVER,
    // What settle has looked at once is not due again while the bench waits for it.
    LOOKUP_MINUTES: '600',
  };
}
