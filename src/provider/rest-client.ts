/** The provider's REST API in the domain's words, route by route; how a call is made lies below. */
import type { TransactionWord } from '../domain/payments/transaction';
import { toRfc3339, type Instant } from '../domain/time';
import type { UnitWord } from '../domain/unit';
import type { Clock } from '../flows/ports/clock';
import type { Log } from '../flows/ports/log-port';
import {
  ProviderUnavailable,
  type ChangeOutcome,
  type ExpiryChange,
  type Page,
  type ProviderApi,
} from '../flows/ports/provider-port';
import { parseBaseAddress } from './base-address';
import { readTransaction, readUnit, type Reading } from './messages';
import { readHealth, readOne, readPage } from './rest/pages';
import type { Answer, Ask } from './rest/rest-attempt';
import { DEFAULT_REST_LIMITS, RestCaller, type RestLimits } from './rest/rest-call';
import { blotOut, type Blot } from './token-blot';

export interface ProviderApiOptions {
  /** An `http(s)` address; a path in it stays in front of `/v1`. */
  readonly baseUrl: string;
  readonly token: string;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 up to but not including 1, for the jitter between attempts. */
  readonly random?: () => number;
  readonly limits?: Partial<RestLimits>;
}

/**
 * Calls throw `ProviderUnavailable`, or the reason of their own signal when that aborts. They share
 * at most 8 places; a call takes at most a minute, with all its waiting and attempts.
 *
 * @throws TypeError when `baseUrl` is no address.
 */
export function createProviderApi(options: ProviderApiOptions): ProviderApi {
  const { token, clock, log, random = Math.random } = options;
  const base = parseBaseAddress(options.baseUrl);
  const limits = { ...DEFAULT_REST_LIMITS, ...options.limits };
  const blot = blotOut(token);
  const caller = new RestCaller({ base, token, blot, clock, log, limits, random });
  const call: Call = (ask, signal) => caller.call(ask, signal);
  return {
    async health(signal) {
      const ask = get('GET /v1/health', '/v1/health');
      return readHealth(ask.name, granted(ask, await call(ask, signal)));
    },
    async transaction(txId, signal) {
      const ask = get('GET /v1/transactions/{id}', `/v1/transactions/${inPath(txId)}`);
      const isAsked = (word: TransactionWord): boolean => word.txId === txId;
      return one(call, ask, { read: readTransaction, isAsked, signal });
    },
    async transactions({ unitId, ...query }, signal) {
      const route = '/v1/transactions';
      return list(call, { route, query, unitId, blot, read: readTransaction, signal });
    },
    async unit(unitId, signal) {
      const ask = get('GET /v1/units/{id}', `/v1/units/${inPath(unitId)}`);
      const isAsked = (word: UnitWord): boolean => word.unitId === unitId;
      return one(call, ask, { read: readUnit, isAsked, signal });
    },
    async units(query, signal) {
      return list(call, { route: '/v1/units', query, blot, read: readUnit, signal });
    },
    async setExpiry({ unitId, idempotencyKey, ...wanted }, signal) {
      return change(call, { unitId, what: 'expiry', idempotencyKey, signal }, expiryBody(wanted));
    },
    async setLock({ unitId, locked, reason, ifVersion }, signal) {
      return change(call, { unitId, what: 'lock', signal }, { locked, reason, ifVersion });
    },
  };
}

type Call = (ask: Ask, signal: AbortSignal | undefined) => Promise<Answer>;

interface Listing<Row> {
  readonly route: string;
  readonly query: {
    readonly updatedAfter?: Instant;
    readonly cursor?: string;
    readonly limit: number;
  };
  readonly unitId?: string | undefined;
  readonly read: (row: unknown) => Reading<Row>;
  readonly blot: Blot;
  readonly signal: AbortSignal | undefined;
}

interface Change {
  readonly unitId: string;
  readonly what: 'expiry' | 'lock';
  readonly idempotencyKey?: string;
  readonly signal: AbortSignal | undefined;
}

const MOST_LIMIT = 500;

async function one<Word>(
  call: Call,
  ask: Ask,
  how: {
    readonly read: (value: unknown) => Reading<Word>;
    readonly isAsked: (word: Word) => boolean;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Word | null> {
  const answer = await call(ask, how.signal);
  if (answer.kind === 'not-found') return null;
  const word = readOne(ask.name, granted(ask, answer), how.read);
  if (!how.isAsked(word)) throw aboutAnother(ask);
  return word;
}

/** What it says would be kept and acted upon as a word about what was asked for. */
const aboutAnother = ({ name }: Ask): ProviderUnavailable =>
  new ProviderUnavailable(`${name} answered about another than was asked for.`, true);

async function list<Row>(call: Call, listing: Listing<Row>): Promise<Page<Row>> {
  const { route, query, unitId, read, blot, signal } = listing;
  const { updatedAfter, cursor, limit } = query;
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_LIMIT) {
    throw new RangeError(`A page holds 1 to ${MOST_LIMIT} rows.`);
  }
  const asked = new URLSearchParams({ limit: String(limit) });
  if (unitId !== undefined) asked.set('unit', unitId);
  if (updatedAfter !== undefined) asked.set('updatedAfter', toRfc3339(updatedAfter));
  if (cursor !== undefined) asked.set('cursor', cursor);
  const ask = get(`GET ${route}`, `${route}?${asked}`);
  const value = granted(ask, await call(ask, signal));
  return readPage({ name: ask.name, value, readRow: read, cursor: cursor ?? null, blot });
}

async function change(call: Call, how: Change, body: object): Promise<ChangeOutcome> {
  const { unitId, what, idempotencyKey, signal } = how;
  const ask: Ask = {
    name: `PUT /v1/units/{id}/${what}`,
    method: 'PUT',
    path: `/v1/units/${inPath(unitId)}/${what}`,
    body,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
  const answer = await call(ask, signal);
  switch (answer.kind) {
    case 'ok': {
      const unit = readOne(ask.name, answer.value, readUnit);
      if (unit.unitId !== unitId) throw aboutAnother(ask);
      return { kind: 'changed', unit };
    }
    case 'conflict':
      return { kind: 'stale' };
    case 'no-such-call':
      return { kind: 'by-hand' };
    case 'refused':
      return { kind: 'by-hand', refusal: answer.why };
    case 'not-found':
      return { kind: 'no-such-unit' };
  }
}

function expiryBody(wanted: Omit<ExpiryChange, 'unitId' | 'idempotencyKey'>): object {
  const { rentedUntil, tenant, reason, ifVersion } = wanted;
  const holder = tenant === null ? {} : { tenant: { key: tenant.key, name: tenant.name } };
  return { rentedUntil: toRfc3339(rentedUntil), ...holder, reason, ifVersion };
}

function granted(ask: Ask, answer: Answer): unknown {
  if (answer.kind === 'ok') return answer.value;
  throw new ProviderUnavailable(`${ask.name} was answered with ${answer.kind}.`, true);
}

const get = (name: string, path: string): Ask => ({ name, method: 'GET', path });

/** @throws ProviderUnavailable for `.` and `..`, which no path can hold: they mean a folder. */
function inPath(id: string): string {
  if (id === '.' || id === '..') {
    throw new ProviderUnavailable(`No address can be made of the id "${id}".`, true);
  }
  return encodeURIComponent(id);
}
