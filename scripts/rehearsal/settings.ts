/**
 * The environment of a service whose hours are seconds; every other setting is as an estate has
 * it.
 */
import { randomBytes } from 'node:crypto';
import type { ServiceEnv } from './service-process';

export const ADMIN_KEY = 'owner-key-of-an-estate-that-is-rehearsed';
export const PROVIDER_TOKEN = 'token-of-the-simulated-provider';

/** About 1.4 s: long enough to be seen, short enough to be over in a test. */
const GRACE_HOURS = '0.0004';
/** The schedule goes hourly only after ten minutes. */
const LOOKUP_MINUTES = '0.02,0.04,0.07,0.1,0.15,0.2,0.3,0.4,0.5,0.7,0.9,1.2,1.5,2,2.5,3,4,5,7,10';

/** @param mongo an address of a database, or null: an engine of its own in `dataDir`. */
export function hastyEnv(given: {
  readonly providerUrl: string;
  readonly mongo: string | null;
  readonly dataDir: string;
}): ServiceEnv {
  return {
    PORT: '0',
    METRICS_PORT: '0',
    PROVIDER_URL: given.providerUrl,
    PROVIDER_TOKEN,
    ADMIN_KEY,
    SECRET_KEY: randomBytes(32).toString('base64'),
    ...(given.mongo === null ? {} : { MONGODB_URI: given.mongo }),
    DATA_DIR: given.dataDir,
    GRACE_HOURS,
    LOOKUP_MINUTES,
    SETTLE_CRON: '* * * * * *',
    LOG_LEVEL: 'info',
  };
}

/** The address of this database on the engine at `uri`. */
export function databaseAt(uri: string, name: string): string {
  const [, server = '', options = ''] =
    /^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?[^?]*(.*)$/.exec(uri) ?? [];
  return `${server}/${name}${options}`;
}
