/** A provider in memory: its book, its REST API and its status stream, with failures on demand. */
import type { AgentKey, StreamId, TxId, UnitId } from '../../../src/domain/ids';
import type { Lindens } from '../../../src/domain/money';
import type { Instant } from '../../../src/domain/time';
import type { TransactionWord } from '../../../src/domain/payments/transaction';
import type { UnitWord } from '../../../src/domain/unit';
import {
  ProviderUnavailable,
  type Page,
  type ProviderApi,
  type StatusStream,
  type StreamCursor,
  type StreamSignal,
  type Unreadable,
} from '../../../src/flows/ports/provider-port';
import { FakeConnection } from './stream-connection';

type Event = Extract<StreamSignal, { readonly kind: 'transaction' | 'unit' | 'notice' }>;

export interface FakeProviderOptions {
  readonly now: () => Instant;
  /** Rows of a page, whatever is asked for. */
  readonly pageSize?: number;
  /** Signals in one turn of the iteration. */
  readonly batch?: number;
}

export class FakeProvider {
  readonly transactions = new Map<TxId, TransactionWord>();
  readonly units = new Map<UnitId, UnitWord>();
  readonly connections: FakeConnection[] = [];
  /** Subscriptions in order. */
  readonly cursors: (StreamCursor | null)[] = [];
  /** Rows that lists cannot give readably, by id. */
  readonly unreadable = new Set<string>();
  /** Calls made, by name. */
  readonly calls: string[] = [];
  restFails: 'never' | 'passing' | 'refused' = 'never';
  /** What new links do: `hold` leaves all frames on the wire. */
  links: 'deliver' | 'hold' | 'refuse' = 'deliver';
  seq = 0;
  #events: Event[] = [];
  #streams = 1;
  #gate: { readonly holds: (name: string) => boolean; readonly wait: Promise<void> } | null = null;

  constructor(private readonly options: FakeProviderOptions) {}

  get streamId(): StreamId {
    return `stream-${this.#streams}` as StreamId;
  }

  get oldest(): number {
    return this.#events[0]?.seq ?? this.seq + 1;
  }

  /** A word about a transaction: the next version unless `change` says otherwise. */
  say(id: string, change: Partial<TransactionWord> = {}, fate: 'send' | 'skip' = 'send') {
    const known = this.transactions.get(id as TxId);
    const updatedAt = this.options.now();
    const version = (known?.version ?? 0) + 1;
    const word = { ...(known ?? newTransaction(id)), version, updatedAt, ...change };
    this.transactions.set(word.txId, word);
    this.#tell({ kind: 'transaction', word, seq: 0, time: updatedAt }, fate);
    return word;
  }

  sayUnit(id: string, change: Partial<UnitWord> = {}, fate: 'send' | 'skip' = 'send') {
    const known = this.units.get(id as UnitId);
    const updatedAt = this.options.now();
    const version = (known?.version ?? 0) + 1;
    const word = { ...(known ?? newUnit(id)), version, updatedAt, ...change };
    this.units.set(word.unitId, word);
    this.#tell({ kind: 'unit', word, seq: 0, time: updatedAt }, fate);
    return word;
  }

  notice(text: string): void {
    this.#tell({ kind: 'notice', type: 'notice', text, seq: 0, time: this.options.now() }, 'send');
  }

  beat(): void {
    this.#send({ kind: 'heartbeat', seq: this.seq, time: this.options.now() });
  }

  /** All sockets are cut, and numbers begin anew under another id, or under the same one. */
  renumber(id: 'another' | 'the-same' = 'another'): void {
    if (id === 'another') this.#streams += 1;
    this.seq = 0;
    this.#events = [];
    this.cut();
  }

  /** Keeps the last `keep` events only. */
  trim(keep: number): void {
    this.#events = this.#events.slice(Math.max(0, this.#events.length - keep));
  }

  cut(): void {
    for (const connection of this.connections) connection.cut();
  }

  /** REST calls of these names (none: all) made from now on wait until the answer is called. */
  holdRest(...names: readonly string[]): () => void {
    let open = (): void => undefined;
    const wait = new Promise<void>((resolve) => (open = resolve));
    this.#gate = { holds: (name) => names.length === 0 || names.includes(name), wait };
    return () => {
      this.#gate = null;
      open();
    };
  }

  readonly stream: StatusStream = {
    connect: (cursor) => {
      this.cursors.push(cursor);
      const connection = new FakeConnection(this.options.batch ?? 250);
      this.connections.push(connection);
      if (this.links === 'refuse') connection.cut();
      else this.#greet(connection, cursor);
      return connection;
    },
  };

  readonly api: ProviderApi = {
    health: async (signal) =>
      this.#answer('health', { status: 'ok', seq: this.seq, ...this.#time() }, signal),
    transaction: (id, signal) =>
      this.#answer('transaction', this.transactions.get(id) ?? null, signal),
    unit: (id, signal) => this.#answer('unit', this.units.get(id) ?? null, signal),
    transactions: ({ unitId, updatedAfter, cursor }, signal) =>
      this.#list(
        'transactions',
        [...this.transactions.values()]
          .filter((row) => unitId === undefined || row.unitId === unitId)
          .filter((row) => row.updatedAt >= (updatedAfter ?? 0)),
        { cursor, keyOf: (row) => `${row.updatedAt}/${row.txId}`, idOf: (row) => row.txId, signal },
      ),
    units: ({ updatedAfter, cursor }, signal) =>
      this.#list(
        'units',
        [...this.units.values()].filter((row) => row.updatedAt >= (updatedAfter ?? 0)),
        { cursor, keyOf: (row) => row.unitId, idOf: (row) => row.unitId, signal },
      ),
    setExpiry: () => this.#answer('setExpiry', { kind: 'by-hand' }),
    setLock: () => this.#answer('setLock', { kind: 'by-hand' }),
  };

  #greet(connection: FakeConnection, cursor: StreamCursor | null): void {
    const { streamId, seq, oldest } = this;
    const hello = { kind: 'hello', streamId, seq, oldest, heartbeatMs: 1_000 } as const;
    connection.wire.push({ ...hello, ...this.#time() });
    const after = cursor?.seq ?? seq;
    const isGap =
      after > seq || after < oldest - 1 || (cursor !== null && cursor.streamId !== streamId);
    if (isGap) connection.wire.push({ kind: 'gap', oldest });
    else connection.wire.push(...this.#events.filter((event) => event.seq > after));
    if (this.links === 'deliver') connection.deliver();
  }

  #tell(event: Event, fate: 'send' | 'skip'): void {
    this.seq += 1;
    if (fate === 'skip') return;
    const numbered = { ...event, seq: this.seq };
    this.#events.push(numbered);
    this.#send(numbered);
  }

  #send(signal: StreamSignal): void {
    for (const connection of this.connections.filter((one) => one.isOpen)) {
      connection.wire.push(signal);
      if (this.links === 'deliver') connection.deliver();
    }
  }

  async #answer<Answer>(name: string, answer: Answer, signal?: AbortSignal): Promise<Answer> {
    this.calls.push(name);
    if (this.#gate?.holds(name)) await Promise.race([this.#gate.wait, aborted(signal)]);
    if (this.restFails === 'never') return answer;
    throw new ProviderUnavailable('The provider is away.', this.restFails === 'passing');
  }

  #list<Row extends { readonly updatedAt: Instant }>(
    name: string,
    all: readonly Row[],
    how: {
      readonly cursor: string | undefined;
      readonly keyOf: (row: Row) => string;
      readonly idOf: (row: Row) => string;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<Page<Row>> {
    const { cursor, keyOf, idOf } = how;
    const rows = [...all].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const start = cursor === undefined ? 0 : afterKey(rows, keyOf, cursor);
    const page = rows.slice(start, start + (this.options.pageSize ?? 500));
    const last = page.at(-1);
    const next = last === undefined || start + page.length >= rows.length ? null : keyOf(last);
    const isReadable = (row: Row): boolean => !this.unreadable.has(idOf(row));
    const unreadable = page.filter((row) => !isReadable(row)).map((row) => broken(idOf(row)));
    const answer = { rows: page.filter(isReadable), next, unreadable, ...this.#time() };
    return this.#answer(name, answer, how.signal);
  }

  #time(): { readonly time: Instant } {
    return { time: this.options.now() };
  }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal?.reason as Error);
    if (signal?.aborted) fail();
    signal?.addEventListener('abort', fail, { once: true });
  });
}

/** None is passed over of rows that moved to the end: the key's place in order counts. */
function afterKey<Row>(rows: readonly Row[], keyOf: (row: Row) => string, key: string): number {
  const at = rows.findIndex((row) => keyOf(row) === key);
  if (at >= 0) return at + 1;
  const later = rows.findIndex((row) => keyOf(row) > key);
  return later < 0 ? rows.length : later;
}

const broken = (id: string): Unreadable => ({ id, fault: 'state: It is missing.', excerpt: id });

const AGENT = {
  key: '11111111-1111-4111-8111-111111111111' as AgentKey,
  name: 'Nina Tenant',
};

function newTransaction(id: string): TransactionWord {
  return {
    ...{ txId: id as TxId, version: 0, unitId: 'unit-1' as UnitId },
    ...{ payer: AGENT, tenant: null, amount: 250 as Lindens, paidAt: null },
    ...{ state: 'queued', stateWord: 'queued', message: '' },
    ...{ creditedSeconds: null, unitVersion: null, updatedAt: 0 as Instant },
  };
}

function newUnit(id: string): UnitWord {
  return {
    ...{ unitId: id as UnitId, version: 0, objectKey: null },
    ...{ name: id, region: 'Ahern', parcel: 'Harbour', tenant: AGENT },
    ...{ rentedUntil: null, status: 'rented', price: 250, term: 'week' },
    ...{ locked: false, updatedAt: 0 as Instant },
  };
}
