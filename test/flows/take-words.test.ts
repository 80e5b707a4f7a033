/**
 * What becomes of the provider's words: settled, kept, compared, and never in the way of others.
 */
import { parseRentalId, parseTxId, parseUnitId, type RentalId } from '../../src/domain/ids';
import { MINUTE_MS, plusMs, plusSeconds, WEEK_SECONDS } from '../../src/domain/time';
import type { TransactionWord } from '../../src/domain/payments/transaction';
import type { UnitWord } from '../../src/domain/unit';
import { StorageUnavailable } from '../../src/flows/ports/money-ports';
import { takeWords, type TakeDeps, type WordsInput } from '../../src/flows/upstream/take-words';
import { agent, createEstate, rentalOf, START, statementOf } from '../support/estate';
import { createFakeAsideStore } from '../support/fakes/aside-store';
import { createFakeUnitStore } from '../support/fakes/unit-store';

const PAID_UNTIL = plusSeconds(START, WEEK_SECONDS);
const UNIT = parseUnitId('unit-1');

function unitOf(over: Partial<UnitWord> = {}): UnitWord {
  return {
    ...{ unitId: UNIT, version: 5, objectKey: null, name: '', region: '', parcel: '' },
    ...{ tenant: agent(1), rentedUntil: PAID_UNTIL, status: 'rented', price: 700 },
    ...{ term: 'week', locked: false, updatedAt: START },
    ...over,
  };
}

async function paidEstate() {
  const estate = createEstate();
  const asides = createFakeAsideStore();
  const woken: RentalId[] = [];
  const deps: TakeDeps = {
    ...estate.deps,
    ...{ units: createFakeUnitStore(), asides },
    wake: {
      settle: () => undefined,
      resync: (ids) => void woken.push(...ids),
      seen: () => undefined,
    },
  };
  await estate.rentals.save([rentalOf(1), rentalOf(2)]);
  const take = (over: Partial<WordsInput>): Promise<void> =>
    takeWords(deps, {
      ...{ transactions: [], units: [], streamRank: 1, witness: 'stream' },
      differences: 'ask-for-resync',
      ...over,
    });
  await take({ transactions: [statementOf(1)] });
  const rental = async (n = 1) => (await estate.rentals.one(parseRentalId(`r_${n}`)))!;
  return { ...estate, deps, asides, woken, take, rental };
}

describe('words about transactions', () => {
  it('are settled under the rank and the witness under which they were heard', async () => {
    const { take, transactions } = await paidEstate();
    await take({ transactions: [statementOf(7)], streamRank: 4, witness: 'lookup' });
    const tx = transactions.all().find((one) => one.txId === parseTxId('tx-7'));
    expect(tx?.statements).toMatchObject([{ streamRank: 4, witness: 'lookup', seenAt: START }]);
    expect(tx?.creditedBy).not.toBeNull();
  });

  it('are settled before units are compared, so that a payment explains its time', async () => {
    const { take, woken, rental } = await paidEstate();
    const later = plusSeconds(PAID_UNTIL, WEEK_SECONDS);
    await take({
      transactions: [statementOf(2)],
      units: [unitOf({ version: 6, rentedUntil: later })],
    });
    expect(woken).toEqual([]);
    expect((await rental()).resyncAt).toBeNull();
    expect((await rental()).claim).toMatchObject({ rentedUntil: later, version: 6 });
  });

  it('cannot hold up the rest: one that fails alone is put aside for a person', async () => {
    const { take, transactions, asides, deps } = await paidEstate();
    const { get } = deps.transactions;
    deps.transactions.get = (ids) => {
      if (ids.includes(parseTxId('tx-8'))) throw new TypeError('A fault of ours.');
      return get(ids);
    };
    const words: TransactionWord[] = [7, 8, 9].map((n) => statementOf(n));
    await take({ transactions: words });
    expect(transactions.all().map(({ txId }) => txId)).toEqual(['tx-1', 'tx-7', 'tx-9']);
    const rows = await asides.rows();
    expect(rows).toMatchObject([{ from: 'stream', fault: 'A fault of ours.', seq: null }]);
    expect(rows[0]!.excerpt).toContain('tx-8');
  });

  it('are not put aside, but heard again, when the database is away', async () => {
    const { take, asides, deps } = await paidEstate();
    deps.transactions.save = async () => {
      throw new StorageUnavailable('away');
    };
    await expect(take({ transactions: [statementOf(7)] })).rejects.toThrow(StorageUnavailable);
    expect(await asides.count()).toBe(0);
  });
});

describe('words about units', () => {
  it('are kept, and the claim is noted beside the rental', async () => {
    const { take, rental, deps, woken } = await paidEstate();
    await take({ units: [unitOf()], streamRank: 2 });
    expect(await deps.units.get([UNIT])).toMatchObject([{ version: 5, streamRank: 2 }]);
    expect((await rental()).claim).toMatchObject({ version: 5, streamRank: 2, seenAt: START });
    expect(woken).toEqual([]);
  });

  it('keep the latest of several, whatever their order', async () => {
    const { take, rental } = await paidEstate();
    const versions = [7, 9, 8].map((version) => unitOf({ version }));
    await take({ units: versions });
    expect((await rental()).claim?.version).toBe(9);
  });

  it('note how far they are current, where that was said', async () => {
    const { take, rental } = await paidEstate();
    await take({ units: [unitOf()], currentThrough: START });
    expect((await rental()).claim?.currentThrough).toBe(START);
  });

  it.each([
    ['shows less time', { rentedUntil: plusMs(PAID_UNTIL, -2 * MINUTE_MS) }],
    ['shows no time', { rentedUntil: null, status: 'overdue' as const }],
    ['is free to let', { tenant: null, rentedUntil: null, status: 'available' as const }],
    ['is let to another', { tenant: agent(2) }],
  ])('ask for a resync at once where the unit %s', async (_, change) => {
    const { take, rental, woken } = await paidEstate();
    await take({ units: [unitOf(change)] });
    expect((await rental()).resyncAt).toBe(START);
    expect(woken).toEqual(['r_1']);
  });

  it('ask for a resync in a minute where the unit shows more time', async () => {
    const { take, rental, woken } = await paidEstate();
    await take({ units: [unitOf({ rentedUntil: plusMs(PAID_UNTIL, 2 * MINUTE_MS) })] });
    expect((await rental()).resyncAt).toBe(plusMs(START, MINUTE_MS));
    expect(woken).toEqual([]);
  });

  it('ask for nothing within a minute of difference, or for a unit that is not ours', async () => {
    const { take, rental, woken } = await paidEstate();
    const near = unitOf({ rentedUntil: plusMs(PAID_UNTIL, -MINUTE_MS) });
    await take({ units: [near, unitOf({ unitId: parseUnitId('unit-9'), rentedUntil: null })] });
    expect((await rental()).resyncAt).toBeNull();
    expect(woken).toEqual([]);
  });

  it('ask for nothing where whoever looked the unit up compares it himself', async () => {
    const { deps, rental, woken } = await paidEstate();
    const units = [unitOf({ rentedUntil: null, status: 'overdue' })];
    const witness = 'lookup' as const;
    await takeWords(deps, { transactions: [], units, streamRank: 1, witness });
    expect((await rental()).claim?.status).toBe('overdue');
    expect((await rental()).resyncAt).toBeNull();
    expect(woken).toEqual([]);
  });

  it('ask for nothing where a later word is on its way already', async () => {
    const { take, rental, woken } = await paidEstate();
    await take({ transactions: [statementOf(2, { unitVersion: 6 })], units: [unitOf()] });
    expect(woken).toEqual([]);
    await take({ units: [unitOf({ version: 6 })] });
    expect(woken).toEqual(['r_1']);
    expect((await rental()).resyncAt).toBe(START);
  });

  it('ask before the claim is noted: a process that dies between hears it again', async () => {
    const { take, rental, deps } = await paidEstate();
    deps.rentals.askResync = async () => {
      throw new StorageUnavailable('killed');
    };
    const units = [unitOf({ rentedUntil: null, status: 'overdue' as const })];
    await expect(take({ units })).rejects.toThrow('killed');
    expect((await rental()).claim).toBeNull();
  });

  it('compare the word that stands, not an older one that came late', async () => {
    const { take, woken } = await paidEstate();
    await take({ units: [unitOf({ version: 9 })] });
    await take({ units: [unitOf({ version: 8, rentedUntil: null, status: 'overdue' })] });
    expect(woken).toEqual([]);
  });
});
