/** The one schema of the environment, from text to settings; reads nothing by itself. */
import { validate as isCron } from 'node-cron';
import { z } from 'zod';
import { isTimeZone } from './domain/time';
import { HINT_REACHES } from './flows/ports/hints-port';
import { Secret } from './secret';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Pino's words, from the rarest line to none at all. */
export type LogLevel = (typeof LOG_LEVELS)[number];

const SECRET_KEY_BYTES = 32;
const LEAST_ADMIN_KEY = 32;
/** Longer texts are taken for no key at all when they are sent. */
const MOST_ADMIN_KEY = 512;
const MOST_SHOWN = 60;

const NEW_SECRET_KEY =
  "node -e \"console.log(require('node:crypto').randomBytes(32).toString('base64'))\"";

/** Every setting by its name in the environment; absent = unset. Messages continue the name. */
export const environment = z.object({
  HOST: visible('an address or host name to listen on', host).prefault('127.0.0.1'),
  PORT: visible('a whole number from 0 to 65535 (0 = chosen by the system)', port).prefault('8080'),
  MONGODB_URI: databaseAddress(() => true),
  DATA_DIR: visible('a folder', (text) => text).prefault('.data'),
  MONGOD_BINARY: visible('the path of a mongod program', (text) => text).optional(),
  PROVIDER_URL: visible(
    "the provider's base address, http:// or https://, without user, query or fragment",
    baseAddress,
  ),
  PROVIDER_TOKEN: hidden(
    'the bearer token that the provider gave, printable ASCII without spaces',
    (text) => (/^[\x21-\x7e]+$/.test(text) ? text : undefined),
  ),
  ADMIN_KEY: hidden(
    `an owner key of ${LEAST_ADMIN_KEY} to ${MOST_ADMIN_KEY} printable ASCII characters without ` +
      'spaces',
    (text) =>
      /^[\x21-\x7e]+$/.test(text) && text.length >= LEAST_ADMIN_KEY && text.length <= MOST_ADMIN_KEY
        ? text
        : undefined,
  ).optional(),
  SECRET_KEY: hidden(
    `${SECRET_KEY_BYTES} random bytes in Base64 (several, the newest first, between commas), ` +
      `such as ${NEW_SECRET_KEY} prints`,
    secretKeys,
  ),
  GRID_SHARD: visible('the name of the grid that boxes must come from', shard).prefault(
    'Production',
  ),
  TIME_ZONE: visible('a time zone such as America/Los_Angeles', zone).prefault(
    'America/Los_Angeles',
  ),
  RESYNC_CRON: cron().prefault('30 3 * * *'),
  SETTLE_CRON: cron().prefault('* * * * *'),
  MATCH_WINDOW_S: visible('whole seconds from 0 to 604800', whole(0, 604_800)).prefault('900'),
  GRACE_HOURS: visible('hours from 0 to 8784, fractions allowed', number(0, 8784)).prefault('72'),
  BREAK_OWNER: visible('a name of at most 100 characters', (text) =>
    text.length <= 100 ? text : undefined,
  ).prefault('estate'),
  DUE_DAYS: visible('days from 0 to 366, fractions allowed', number(0, 366)).prefault('3'),
  HOLD_DAYS: visible(
    'days above 0 and up to 3660, fractions allowed',
    number(Number.MIN_VALUE, 3660),
  ).prefault('14'),
  LOOKUP_MINUTES: visible(
    'one to twenty rising numbers of minutes above 0 and up to 10080, between commas',
    minutes,
  ).prefault('1,5,15,60'),
  LOOKUP_DAYS: visible(
    'days above 0 and up to 366, fractions allowed',
    number(Number.MIN_VALUE, 366),
  ).prefault('3'),
  TRUST_PROXY: visible('off, or the number of proxies in front, from 0 to 32', (text) =>
    text.toLowerCase() === 'off' ? 0 : whole(0, 32)(text),
  ).prefault('off'),
  BOX_HINTS: visible(`one of ${HINT_REACHES.join(', ')}`, (text) =>
    HINT_REACHES.find((reach) => reach === text.toLowerCase()),
  ).prefault('public'),
  METRICS_HOST: visible('an address or host name to listen on', host).prefault('127.0.0.1'),
  METRICS_PORT: visible('a whole number from 0 to 65535 (0 = chosen by the system)', port).prefault(
    '9464',
  ),
  LOG_LEVEL: visible(`one of ${LOG_LEVELS.join(', ')}`, (text) =>
    LOG_LEVELS.find((level) => level === text.toLowerCase()),
  ).prefault('info'),
});

/** The schema where the driver at hand says which address of a database it can read. */
export function environmentFor(isReadable: (databaseAddress: string) => boolean) {
  return environment.extend({ MONGODB_URI: databaseAddress(isReadable) });
}

function databaseAddress(isReadable: (text: string) => boolean) {
  const begins = /^mongodb(\+srv)?:\/\/\S+$/;
  return hidden(
    'an address that begins with mongodb:// or mongodb+srv://, with options that MongoDB knows ' +
      'and each of : / ? # [ ] @ % in the user and password percent-encoded, or leave it out to ' +
      'use the embedded engine',
    (text) => (begins.test(text) && isReadable(text) ? text : undefined),
  ).optional();
}

/** A setting that `read` accepts, or refuses with undefined; a refusal shows what was given. */
function visible<Value>(wanted: string, read: (text: string) => Value | undefined) {
  return z.string({ error: `is not set: give ${wanted}.` }).transform((text, context): Value => {
    const value = read(text);
    if (value !== undefined) return value;
    const shown = JSON.stringify(withoutUser(text).slice(0, MOST_SHOWN));
    context.addIssue({ code: 'custom', message: `is ${shown}: give ${wanted}.` });
    return z.NEVER;
  });
}

/** As `visible`, for what must never be shown: a refusal says nothing of what was given. */
function hidden<Value>(wanted: string, read: (text: string) => Value | undefined) {
  return z.string({ error: `is not set: give ${wanted}.` }).transform((text, context) => {
    const value = read(text);
    if (value !== undefined) return new Secret(value);
    context.addIssue({
      code: 'custom',
      message: `is set but malformed (not shown here): give ${wanted}.`,
    });
    return z.NEVER;
  });
}

/** An address given with a user and password must not show them in the very refusal of it. */
function withoutUser(text: string): string {
  return text.replace(/\/\/.*@/, '//[secret]@');
}

function cron() {
  return visible(
    'a cron expression of five fields, or of six with seconds first, such as "30 3 * * *"',
    (text) => (/^(\S+\s+){4,5}\S+$/.test(text) && isCron(text) ? text : undefined),
  );
}

function whole(least: number, most: number): (text: string) => number | undefined {
  return (text) => (/^\d{1,12}$/.test(text) ? within(Number(text), least, most) : undefined);
}

function number(least: number, most: number): (text: string) => number | undefined {
  return (text) =>
    /^\d{1,12}(\.\d{1,9})?$/.test(text) ? within(Number(text), least, most) : undefined;
}

function within(value: number, least: number, most: number): number | undefined {
  return value >= least && value <= most ? value : undefined;
}

function port(text: string): number | undefined {
  return whole(0, 65_535)(text);
}

function host(text: string): string | undefined {
  return /^[\w.:%-]{1,255}$/.test(text) ? text : undefined;
}

/** What a simulator puts into its shard header: printable ASCII. */
function shard(text: string): string | undefined {
  return /^[\x20-\x7e]{1,64}$/.test(text) ? text : undefined;
}

/** IANA names only: cron and the database know no others, such as luxon's `local` and `utc+3`. */
function zone(text: string): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return isTimeZone(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function minutes(text: string): readonly number[] | undefined {
  const read = text.split(',').map((part) => number(Number.MIN_VALUE, 10_080)(part.trim()));
  const known = read.filter((value) => value !== undefined);
  const rises = known.every((value, index) => index === 0 || value > (known[index - 1] ?? 0));
  return known.length === read.length && rises && known.length <= 20 ? known : undefined;
}

/** Without a slash at the end. User and password would reach logs with the address. */
function baseAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = url.username === '' && url.password === '' && !/[?#]/.test(text);
  if (!isPlain || !/^https?:$/.test(url.protocol)) return undefined;
  return url.href.replace(/\/+$/, '');
}

function secretKeys(text: string): readonly Buffer[] | undefined {
  const keys = text.split(',').map((part) => part.trim());
  const bytes = keys.map((key) => Buffer.from(key, 'base64'));
  const areExact = bytes.every(
    (key, index) => key.length === SECRET_KEY_BYTES && key.toString('base64') === keys[index],
  );
  return areExact ? bytes : undefined;
}
