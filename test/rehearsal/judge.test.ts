/** The judge of every rehearsal must be able to find the service guilty, on each count. */
import type {
  BreakSeen,
  EntrySeen,
  PaymentSeen,
  RentalWhole,
} from '../../scripts/rehearsal/admin-client';
import { isLawful, judge, unfinished, type Case } from '../../scripts/rehearsal/judge';
import { createRightful } from '../../scripts/rehearsal/rightful';
import { DAY_MS, HOUR_MS, plusMs } from '../../src/domain/time';
import { ALICE, START, startRig, stopRigs, type Rig } from '../sim-provider/rig';

afterEach(stopRigs);

const UNIT = 'unit-1';
const UNTIL = plusMs(START, 10 * DAY_MS);
const EVENT = '0b9f3c1e-5a2d-4c77-9f0e-000000000001';

/** A unit that is let for ten days, and one week paid for it. */
async function paidOnce(faults: Parameters<Rig['control']['setFaults']>[0] = {}) {
  const rig = await startRig();
  const tenant = { key: ALICE, name: 'Alice' };
  rig.control.addUnit({ id: UNIT, tenant, rentedUntil: UNTIL, price: 700, term: 'week' });
  rig.control.setFaults(faults);
  const { id: txId } = rig.control.pay({ unit: UNIT, payer: tenant, amount: 700 });
  await rig.clock.advance(1_000);
  return { control: rig.control, txId };
}

const entry = (seq: number, of: Partial<EntrySeen>): EntrySeen => ({
  ...{ id: `r_1:1:${seq}`, kind: 'paid', seconds: 604_800, amount: 700 },
  ...{ paymentId: null, reverses: null, ...of },
});

const payment = (txId: string, of: Partial<PaymentSeen> = {}): PaymentSeen => ({
  ...{ id: `tx:${txId}`, rentalId: 'r_1', amount: 700, eventId: EVENT, txId },
  ...{ state: 'credited', entryId: 'r_1:1:2', ...of },
});

interface Books {
  readonly ledger: readonly EntrySeen[];
  readonly paidUntil: number | null;
  readonly payments?: readonly PaymentSeen[];
  readonly breaks?: readonly BreakSeen[];
}

/** The service's books, as they are said to be. */
function caseOf(truth: Case['truth'], books: Books, over: Partial<Case> = {}): Case {
  const { ledger, paidUntil, payments = [], breaks = [] } = books;
  const standing = { stage: 'paid' as const, paidUntil, reasons: [], asOf: START };
  const rental: RentalWhole = {
    ...{ id: 'r_1', region: 'Dream Bay', unitId: UNIT, standing, ledger: [...ledger] },
  };
  return {
    truth,
    admin: {
      rentals: () => Promise.resolve([rental]),
      rental: () => Promise.resolve(rental),
      payments: () => Promise.resolve([...payments]),
      breaks: () => Promise.resolve([...breaks]),
    },
    acknowledged: [],
    overdueWhilePaid: new Set(),
    ...over,
  };
}

const rightBooks = (txId: string): Books => ({
  ledger: [entry(2, { paymentId: `tx:${txId}` })],
  paidUntil: plusMs(UNTIL, 7 * DAY_MS),
  payments: [payment(txId)],
});

const breakOf = (kind: BreakSeen['kind']): BreakSeen => ({
  ...{ id: 'brk_1', kind, state: 'open', subjects: ['r_1'], text: 'A person must look.' },
});

describe('the judge of payments', () => {
  it('acquits books that hold each payment once', async () => {
    const { control, txId } = await paidOnce();
    const given = caseOf(control, rightBooks(txId), { acknowledged: [EVENT] });
    const verdict = await judge(given);
    expect(verdict).toMatchObject({ made: 1, credited: 1, twice: 0, lost: 0, faults: [] });
    expect(isLawful(verdict)).toBe(true);
  });

  it.each([
    { what: 'twice', ledger: (id: string) => [2, 3].map((n) => entry(n, { paymentId: id })) },
    { what: 'lost', ledger: () => [] },
    {
      what: 'lost',
      ledger: (id: string) => [
        entry(2, { paymentId: id }),
        entry(3, { kind: 'reversal', reverses: 'r_1:1:2', paymentId: id }),
      ],
    },
    {
      what: 'twice',
      ledger: (id: string) => [entry(2, { paymentId: id }), entry(3, { paymentId: 'tx:nobody' })],
    },
  ] as const)('finds a payment that is credited otherwise: $what', async ({ what, ledger }) => {
    const { control, txId } = await paidOnce();
    const books = { ...rightBooks(txId), ledger: ledger(`tx:${txId}`) };
    const verdict = await judge(caseOf(control, books));
    expect(verdict[what]).toBe(1);
    expect(isLawful(verdict)).toBe(false);
  });

  it('finds a report that a box was told is stored, and that nobody knows', async () => {
    const { control, txId } = await paidOnce();
    const books = { ...rightBooks(txId), payments: [] };
    const verdict = await judge(caseOf(control, books, { acknowledged: [EVENT] }));
    expect(verdict.lost).toBe(1);
  });

  it('finds a payment that the provider took back and that still counts', async () => {
    const { control, txId } = await paidOnce();
    control.reverse(txId);
    expect((await judge(caseOf(control, rightBooks(txId)))).twice).toBe(1);
  });

  it('knows what the provider has not finished', async () => {
    const { control } = await paidOnce({ stall: true });
    expect(unfinished(control)).toHaveLength(1);
  });
});

describe('the judge of time', () => {
  it('finds a paid-until that is not what was paid for', async () => {
    const { control, txId } = await paidOnce();
    const books = { ...rightBooks(txId), paidUntil: UNTIL };
    expect((await judge(caseOf(control, books))).wrongPaidUntil).toBe(1);
  });

  it.each([
    { fault: { resetOverdueOnPayment: 1 }, kind: 'expiry-by-hand', short: 1 },
    { fault: { doubleCredit: 1 }, kind: 'unexplained-time', short: 0 },
  ] as const)('finds time that is wrong upstream, unless a $kind break names it', async (given) => {
    const { control, txId } = await paidOnce(given.fault);
    const books = rightBooks(txId);
    const verdict = await judge(caseOf(control, books));
    expect(verdict).toMatchObject({ wrongExpiriesLeft: 1, leftToPeople: 0 });
    expect(isLawful(verdict)).toBe(false);
    const named = await judge(caseOf(control, { ...books, breaks: [breakOf(given.kind)] }));
    expect(named).toMatchObject({ wrongExpiriesLeft: 0, leftToPeople: 1, leftShort: given.short });
    const other = await judge(caseOf(control, { ...books, breaks: [breakOf('amount-differs')] }));
    expect(other.wrongExpiriesLeft).toBe(1);
  });

  it('condemns a rental that was shown as overdue while it was paid', async () => {
    const { control, txId } = await paidOnce();
    const shown = { overdueWhilePaid: new Set(['r_1']) };
    const verdict = await judge(caseOf(control, rightBooks(txId), shown));
    expect(verdict.everOverdueWhilePaid).toBe(1);
    expect(isLawful(verdict)).toBe(false);
  });

  it('counts time as paid from when it was paid for, unless it had run out before', async () => {
    const { control } = await paidOnce();
    const openings = new Map([[UNIT, plusMs(START, -HOUR_MS)]]);
    const isReversed = (): boolean => false;
    const payments = () => control.payments();
    const late = createRightful({ payments, openings, isReversed });
    expect(late.before(UNIT, plusMs(START, HOUR_MS))).toBe(plusMs(START, -HOUR_MS));
    const inTime = createRightful({
      ...{ payments, openings: new Map([[UNIT, UNTIL]]), isReversed },
    });
    expect(inTime.before(UNIT, START)).toBe(UNTIL);
    expect(inTime.before(UNIT, plusMs(START, HOUR_MS))).toBe(plusMs(UNTIL, 7 * DAY_MS));
  });
});
