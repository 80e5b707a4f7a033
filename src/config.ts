/** The settings, checked as a whole; the sole reader of the environment, and starts nothing. */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { isNativeError } from 'node:util/types';
import type { z } from 'zod';
import { environmentFor, type environment, type LogLevel } from './env-schema';
import type { HintReach } from './flows/ports/hints-port';
import type { Settings } from './flows/ports/settings';
import type { Secret } from './secret';

/** Frozen. What each setting means stands in `.env.example`. */
export interface Config {
  /** Port 0 = chosen by the system. `trustedProxies`: how many stand in front, 0 = none. */
  readonly http: { readonly host: string; readonly port: number; readonly trustedProxies: number };
  readonly metrics: { readonly host: string; readonly port: number };
  /** `uri` null: the embedded engine, with its data in `dataDir`. */
  readonly mongo: {
    readonly uri: Secret | null;
    readonly dataDir: string;
    readonly mongodBinary: string | null;
  };
  /** `url`: http or https, no slash at the end. */
  readonly provider: { readonly url: string; readonly token: Secret };
  /** An owner's key, ≥ 32 characters; null is right except at the very first start. */
  readonly adminKey: Secret | null;
  /** 32 bytes each: the first seals, all open. At least one. */
  readonly secretKeys: Secret<readonly Buffer[]>;
  /** Cron expressions, in `settings.zone`. */
  readonly sweeps: { readonly resyncCron: string; readonly settleCron: string };
  /** Which addresses of boxes are told when there is news. */
  readonly boxHints: HintReach;
  readonly logLevel: LogLevel;
  readonly settings: Settings;
}

/** The environment cannot be started from; `message` lists every fault, for a person. */
export class ConfigFault extends Error {
  override readonly name = 'ConfigFault';
  readonly mayRetry = false;

  /** @param faults One sentence each: which setting, what is wrong, what to give instead. */
  constructor(readonly faults: readonly string[]) {
    const count = faults.length === 1 ? 'one setting is' : `${faults.length} settings are`;
    super(
      [
        `The service cannot start: ${count} at fault.`,
        ...faults.map((fault) => `  - ${fault}`),
        'Give them in the environment or in a file .env; .env.example explains each.',
      ].join('\n'),
    );
  }
}

/**
 * The settings from an environment and the text of a `.env` file (null: there is none). The
 * environment wins; an empty value counts as unset.
 * @param isDatabaseAddress The driver's reading of MONGODB_URI; not given: its scheme must do.
 * @throws ConfigFault that lists every fault at once, never with the value of a secret.
 */
export function readConfig(
  env: NodeJS.ProcessEnv,
  dotEnvText: string | null,
  isDatabaseAddress: (text: string) => boolean = () => true,
): Config {
  const fromFile = parseEnv((dotEnvText ?? '').replace(/^\uFEFF/, ''));
  const read = environmentFor(isDatabaseAddress).safeParse({
    ...valuesOf(fromFile),
    ...valuesOf(env),
  });
  if (read.success) return frozen(toConfig(read.data));
  const faults = read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  throw new ConfigFault(faults);
}

/** As `readConfig`, from this process and `.env` in its working directory. */
export function loadConfig(isDatabaseAddress?: (text: string) => boolean): Config {
  return readConfig(process.env, readDotEnv(), isDatabaseAddress);
}

function readDotEnv(): string | null {
  try {
    return readFileSync('.env', 'utf8');
  } catch (error) {
    if (isNativeError(error) && 'code' in error && error.code === 'ENOENT') return null;
    throw new ConfigFault([
      `The file .env is there but cannot be read (${String(error)}): allow reading, or remove it.`,
    ]);
  }
}

function valuesOf(env: NodeJS.Dict<string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => {
      const text = value?.trim() ?? '';
      return text === '' ? [] : [[name, text]];
    }),
  );
}

function frozen(config: Config): Config {
  for (const part of Object.values(config)) Object.freeze(part);
  Object.freeze(config.settings.lookupMinutes);
  return Object.freeze(config);
}

function toConfig(env: z.output<typeof environment>): Config {
  return {
    http: { host: env.HOST, port: env.PORT, trustedProxies: env.TRUST_PROXY },
    metrics: { host: env.METRICS_HOST, port: env.METRICS_PORT },
    mongo: {
      uri: env.MONGODB_URI ?? null,
      dataDir: env.DATA_DIR,
      mongodBinary: env.MONGOD_BINARY ?? null,
    },
    provider: { url: env.PROVIDER_URL, token: env.PROVIDER_TOKEN },
    adminKey: env.ADMIN_KEY ?? null,
    secretKeys: env.SECRET_KEY,
    sweeps: { resyncCron: env.RESYNC_CRON, settleCron: env.SETTLE_CRON },
    boxHints: env.BOX_HINTS,
    logLevel: env.LOG_LEVEL,
    settings: {
      zone: env.TIME_ZONE,
      graceHours: env.GRACE_HOURS,
      dueDays: env.DUE_DAYS,
      holdDays: env.HOLD_DAYS,
      matchWindowS: env.MATCH_WINDOW_S,
      breakOwner: env.BREAK_OWNER,
      lookupMinutes: env.LOOKUP_MINUTES,
      lookupDays: env.LOOKUP_DAYS,
      gridShard: env.GRID_SHARD,
    },
  };
}
