/** Checks lists for keys that are limited to regions with more rentals than a query can name. */
import { parseRentalId } from '../../src/domain/ids';
import type { PaymentQuery, PaymentRef, PaymentStore } from '../../src/flows/ports/upkeep-ports';
import { ensureIndexes } from '../../src/mongo/indexes';
import { createPaymentStore } from '../../src/mongo/money/payments';
import { createRentalStore } from '../../src/mongo/estate/rentals';
import { createTransactionStore } from '../../src/mongo/money/transactions';
import { at, transactionOf } from '../contract/money-rows';
import { walk } from '../contract/walk';
import { withDatabase, type TestDatabase } from '../support/database';
import { rentalOf } from '../support/estate';

const RENTALS = 1_300;
const PAYMENTS = 1_700;

let database: TestDatabase;
let payments: PaymentStore;

beforeAll(async () => {
  database = await withDatabase();
  const { connection } = database;
  await ensureIndexes(connection);
  const rentals = Array.from({ length: RENTALS }, (_, n) =>
    rentalOf(n, { region: n < 1_100 ? 'Large' : 'Small' }),
  );
  await createRentalStore(connection).save(rentals);
  const transactions = Array.from({ length: PAYMENTS }, (_, n) =>
    transactionOf(n, {
      rentalId: n % 100 === 0 ? null : parseRentalId(`r_${n % RENTALS}`),
      word: { paidAt: at(Math.floor(n / 3)) },
    }),
  );
  await createTransactionStore(connection).save(transactions);
  payments = createPaymentStore(connection);
});
afterAll(() => database.drop());

const inRegions = (...regions: string[]) => {
  const query = { state: null, rentalId: null, payer: null, text: null, regions };
  return (page: Pick<PaymentQuery, 'limit' | 'cursor'>) => payments.list({ ...query, ...page });
};

/** The payments that ought to be shown, the latest first. */
function expected(isInside: (rental: number) => boolean): Set<string> {
  const numbers = Array.from({ length: PAYMENTS }, (_, n) => n).filter((n) => n % 100 !== 0);
  return new Set(numbers.filter((n) => isInside(n % RENTALS)).map((n) => `tx-${n}`));
}

const idOf = (ref: PaymentRef): string => (ref.kind === 'transaction' ? ref.txId : ref.id);

describe('payments of regions with very many rentals', () => {
  it.each([40, 200])('are listed whole, page by page of %i, and no others', async (limit) => {
    const rows = await walk(inRegions('Large'), limit);
    const shown = new Set(rows.map(idOf));
    expect(shown).toEqual(expected((rental) => rental < 1_100));
    expect(rows).toHaveLength(shown.size);
  });

  it('are listed as in a small region, where the rentals can be named', async () => {
    const rows = await walk(inRegions('Small'), 50);
    expect(new Set(rows.map(idOf))).toEqual(expected((rental) => rental >= 1_100));
  });

  it('come in order of time', async () => {
    const { rows } = await inRegions('Large', 'Small')({ limit: 30, cursor: null });
    const times = rows.map((ref) => Math.floor(Number(idOf(ref).slice(3)) / 3));
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });
});
