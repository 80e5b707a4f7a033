/**
 * Fetching what the stream did not tell: everything, page by page, through outages and odd rows.
 */
import { DAY_MS, MINUTE_MS, plusMs, type Instant } from '../../src/domain/time';
import type { TxId } from '../../src/domain/ids';
import { catchUp, type CatchUpInput, type CaughtWords } from '../../src/flows/upstream/catch-up';
import { ProviderUnavailable } from '../../src/flows/ports/provider-port';
import { START } from '../support/estate';
import { createFakeAsideStore } from '../support/fakes/aside-store';
import { FakeProvider } from '../support/fakes/provider';
import { createManualClock } from '../support/manual-clock';
import { quietLog } from '../support/quiet-log';

const ago = (days: number): Instant => plusMs(START, -days * DAY_MS);

function world() {
  const clock = createManualClock(START);
  const provider = new FakeProvider({ now: clock.now, pageSize: 4 });
  const asides = createFakeAsideStore();
  const pages: CaughtWords[] = [];
  const mint = { fraction: () => 0.5 };
  const deps = { provider: provider.api, asides, clock, log: quietLog, mint };
  const run = (over: Partial<CatchUpInput> = {}) =>
    catchUp(deps, {
      ...{ since: null, reach: 'changes', signal: new AbortController().signal },
      take: async (words) => void pages.push(words),
      ...over,
    });
  const seen = (): string[] =>
    pages.flatMap(({ transactions, units }) => [
      ...transactions.map(({ txId }) => txId as string),
      ...units.map(({ unitId }) => unitId as string),
    ]);
  return { clock, provider, asides, pages, deps, run, seen };
}

describe('a catch-up', () => {
  it('fetches everything there is when nothing is known yet', async () => {
    const { provider, run, seen, pages } = world();
    for (let n = 0; n < 11; n += 1) provider.say(`tx-${n}`, { updatedAt: ago(n) });
    for (let n = 0; n < 9; n += 1) provider.sayUnit(`unit-${n}`, { updatedAt: ago(n) });
    const done = await run();
    expect(new Set(seen()).size).toBe(20);
    expect(done).toMatchObject({ transactions: 11, units: 9, unreadable: 0 });
    expect(Math.max(...pages.map((page) => page.transactions.length + page.units.length))).toBe(4);
  });

  it('fetches what was updated since, the instant itself included', async () => {
    const { provider, run, seen } = world();
    for (const days of [0, 1, 2, 3]) {
      provider.say(`tx-${days}`, { updatedAt: ago(days) });
      provider.sayUnit(`unit-${days}`, { updatedAt: ago(days) });
    }
    await run({ since: ago(1) });
    expect(seen().sort()).toEqual(['tx-0', 'tx-1', 'unit-0', 'unit-1']);
  });

  it('reaches further back under a new numbering, and fetches every unit', async () => {
    const { provider, run, seen } = world();
    for (const days of [0, 6, 9]) {
      provider.say(`tx-${days}`, { updatedAt: ago(days) });
      provider.sayUnit(`unit-${days}`, { updatedAt: ago(days) });
    }
    await run({ since: ago(1), reach: 'new-numbering' });
    expect(seen().sort()).toEqual(['tx-0', 'tx-6', 'unit-0', 'unit-6', 'unit-9']);
  });

  it('proves nothing beyond the instant of its first page', async () => {
    const { clock, provider, run } = world();
    for (let n = 0; n < 9; n += 1) provider.say(`tx-${n}`, { updatedAt: ago(n) });
    const { firstPageTime } = await run({ take: async () => clock.advance(1_000) });
    expect(firstPageTime).toBe(START);
  });

  it('ends although the provider is so busy that the list never would', async () => {
    const { clock, provider, run } = world();
    for (let n = 0; n < 8; n += 1) provider.say(`tx-${n}`);
    let pages = 0;
    await run({
      take: async () => {
        pages += 1;
        if (pages > 50) throw new Error('It goes on and on.');
        await clock.advance(MINUTE_MS);
        for (let n = 0; n < 8; n += 1) provider.say(`tx-${n}`);
      },
    });
    expect(pages).toBeLessThan(10);
  });
});

describe('what a catch-up proves of units', () => {
  const evidenceOf = (pages: readonly CaughtWords[]) =>
    pages.filter(({ units }) => units.length > 0).map((page) => page.currentThrough ?? null);

  it('reaches to the first page of transactions, since units are read after them', async () => {
    const { clock, provider, run, pages } = world();
    for (let n = 0; n < 9; n += 1) provider.say(`tx-${n}`, { updatedAt: ago(n) });
    for (let n = 0; n < 5; n += 1) provider.sayUnit(`unit-${n}`);
    const slowly = async (words: CaughtWords): Promise<void> => {
      pages.push(words);
      await clock.advance(1_000);
    };
    await run({ reach: 'new-numbering', take: slowly });
    expect(evidenceOf(pages)).toEqual([START, START]);
  });

  it('is nothing where a transaction could not be read', async () => {
    const { provider, run, pages } = world();
    provider.say('lost');
    provider.unreadable.add('lost');
    provider.api.transaction = () => Promise.resolve(null);
    provider.sayUnit('unit-1');
    await run();
    expect(evidenceOf(pages)).toEqual([null]);
  });
});

describe('an outage half-way', () => {
  it('is waited out at the page that it struck', async () => {
    const { clock, provider, run } = world();
    for (let n = 0; n < 11; n += 1) provider.say(`tx-${n}`, { updatedAt: ago(n) });
    let taken = 0;
    const done = run({
      take: async (words) => {
        taken += words.transactions.length;
        if (taken === 8) provider.restFails = 'passing';
      },
    });
    await clock.advance(3_000);
    provider.restFails = 'never';
    await clock.advance(60_000);
    expect((await done).transactions).toBe(11);
    expect(taken).toBe(11);
  });

  it('that lasts is told to the caller', async () => {
    const { clock, provider, run } = world();
    provider.restFails = 'passing';
    const failed = expect(run()).rejects.toThrow(ProviderUnavailable);
    await clock.advance(10 * MINUTE_MS);
    await failed;
    expect(provider.calls).toHaveLength(6);
    expect(clock.waiting()).toBe(0);
  });

  it('is not waited out where the provider refuses us', async () => {
    const { provider, run } = world();
    provider.restFails = 'refused';
    await expect(run()).rejects.toThrow(ProviderUnavailable);
    expect(provider.calls).toHaveLength(1);
  });

  it('is left at once when the caller stops', async () => {
    const { clock, provider, run } = world();
    provider.restFails = 'passing';
    const stopping = new AbortController();
    const failed = expect(run({ signal: stopping.signal })).rejects.toThrow('stopped');
    await clock.advance(500);
    stopping.abort(new Error('stopped'));
    await failed;
    expect(clock.waiting()).toBe(0);
  });
});

describe('rows that cannot be read', () => {
  it('are asked for alone, and put aside where that does not help', async () => {
    const { provider, run, asides, seen } = world();
    for (const id of ['sound', 'odd', 'lost']) provider.say(id);
    for (const id of ['odd', 'lost']) provider.unreadable.add(id);
    const { transaction } = provider.api;
    provider.api.transaction = async (id, signal) => {
      if (id === ('lost' as TxId)) throw new ProviderUnavailable('unreadable', true);
      return transaction(id, signal);
    };
    expect(await run()).toMatchObject({ transactions: 2, unreadable: 1 });
    expect(seen().sort()).toEqual(['odd', 'sound']);
    expect(await asides.rows()).toMatchObject([{ from: 'lookup', excerpt: 'lost' }]);
  });
});
