import { parseInstant } from '../../src/domain/time';
import { ALICE, BOB, START, startRig, stopRigs } from './rig';

const WEEK_MS = 604_800_000;
const at = parseInstant;

afterEach(stopRigs);

describe('a payment at the simulated provider', () => {
  it('goes from queued through processing to completed, its version rising each time', async () => {
    const { control, clock } = await startRig();
    const unit = control.addUnit();
    const { id, version, state } = control.pay({ unit: unit.id, payer: ALICE, amount: 250 });
    expect({ version, state }).toEqual({ version: 1, state: 'queued' });
    await clock.advance(10);
    expect(control.transaction(id)).toMatchObject({ version: 2, state: 'processing' });
    expect(control.transaction(id)?.unitVersion).toBeNull();
    await clock.advance(10);
    expect(control.transaction(id)).toMatchObject({
      ...{ version: 3, state: 'completed', creditedSeconds: 604_800 },
      ...{ unitVersion: control.unit(unit.id)?.version, tenant: { key: ALICE, name: '' } },
    });
  });

  it('begins at the payment where a unit has no time; the payer is then its tenant', async () => {
    const { control, clock } = await startRig();
    const unit = control.addUnit();
    control.pay({ unit: unit.id, payer: { key: ALICE, name: 'Alice' }, amount: 250 });
    await clock.advance(20);
    expect(control.unit(unit.id)).toMatchObject({
      ...{ status: 'rented', tenant: { key: ALICE, name: 'Alice' }, version: 2 },
      rentedUntil: START + WEEK_MS,
    });
  });

  it('keeps the tenant when somebody else pays', async () => {
    const { control, clock } = await startRig();
    const tenant = { key: ALICE, name: 'Alice' };
    const unit = control.addUnit({ tenant, rentedUntil: at('2026-03-02T00:00:00Z') });
    const { id } = control.pay({ unit: unit.id, payer: BOB, amount: 250 });
    await clock.advance(20);
    expect(control.transaction(id)).toMatchObject({ payer: { key: BOB }, tenant });
    expect(control.unit(unit.id)?.tenant).toEqual(tenant);
  });

  it('fills arrears first: time is added to an end that lies in the past', async () => {
    const { control, clock } = await startRig();
    const tenant = { key: ALICE, name: '' };
    const unit = control.addUnit({ tenant, rentedUntil: at('2026-02-10T12:00:00Z') });
    expect(unit.status).toBe('overdue');
    control.pay({ unit: unit.id, payer: ALICE, amount: 250 });
    await clock.advance(20);
    expect(control.unit(unit.id)).toMatchObject({
      ...{ rentedUntil: at('2026-02-17T12:00:00Z'), status: 'overdue' },
    });
  });

  it.each([
    ['day', '2026-03-01T12:00:00Z', 86_400],
    ['week', '2026-03-01T12:00:00Z', 604_800],
    ['month', '2026-03-01T12:00:00Z', 31 * 86_400],
    ['month', '2026-03-01T07:59:59Z', 28 * 86_400],
    ['month', '2024-02-29T12:00:00Z', 29 * 86_400],
  ] as const)('counts a %s paid at %s by the calendar of the grid', async (term, paid, seconds) => {
    const { control, clock } = await startRig();
    const unit = control.addUnit({ price: 3, term });
    const { id } = control.pay({ unit: unit.id, payer: ALICE, amount: 2, paidAt: at(paid) });
    await clock.advance(20);
    expect(control.transaction(id)?.creditedSeconds).toBe(Math.floor((2 * seconds) / 3));
  });

  it('keeps the instant of the payment when it is processed hours later', async () => {
    const { control, clock } = await startRig();
    const unit = control.addUnit();
    control.setFaults({ stall: true });
    const { id } = control.pay({ unit: unit.id, payer: ALICE, amount: 250 });
    await clock.advance(3 * 3_600_000);
    control.setFaults({});
    await clock.advance(20);
    const transaction = control.transaction(id);
    expect(transaction).toMatchObject({ state: 'completed', paidAt: START });
    expect(transaction?.updatedAt).toBeGreaterThan(START + 3 * 3_600_000);
    expect(control.unit(unit.id)?.rentedUntil).toBe(START + WEEK_MS);
  });

  it('may keep from others when it was made, and still knows it', async () => {
    const { control } = await startRig();
    const unit = control.addUnit();
    const { paidAt } = control.pay({ unit: unit.id, payer: ALICE, amount: 1, paidAt: null });
    expect(paidAt).toBeNull();
    expect(control.payments()[0]?.paidAt).toBe(START);
  });

  it('is taken once under one transaction id, and refused where the id means another', async () => {
    const { control } = await startRig();
    const unit = control.addUnit();
    const payment = { unit: unit.id, payer: ALICE, amount: 250, txId: 'tx-box-1' };
    control.pay(payment);
    expect(control.pay(payment).id).toBe('tx-box-1');
    expect(control.payments()).toHaveLength(1);
    expect(() => control.pay({ ...payment, amount: 251 })).toThrow('another payment');
  });

  it('is refused at a locked box, at no unit, and for no whole amount', async () => {
    const { control } = await startRig();
    const unit = control.addUnit({ locked: true });
    const payment = { unit: unit.id, payer: ALICE, amount: 250 };
    expect(() => control.pay(payment)).toThrow('locked');
    expect(() => control.pay({ ...payment, unit: 'nowhere' })).toThrow('no unit');
    expect(() => control.pay({ ...payment, amount: 0.5 })).toThrow('whole L$');
    expect(control.payments()).toHaveLength(0);
  });

  it('takes its time back when reversed, and gives it again when reinstated', async () => {
    const { control, clock } = await startRig();
    const unit = control.addUnit();
    const { id } = control.pay({ unit: unit.id, payer: ALICE, amount: 250 });
    expect(() => control.reverse(id)).toThrow('completed');
    await clock.advance(20);
    expect(control.reverse(id)).toMatchObject({ state: 'reversed', version: 4 });
    expect(control.unit(unit.id)).toMatchObject({ rentedUntil: START, status: 'overdue' });
    expect(control.rightfulUntil(unit.id)).toBeNull();
    expect(control.reinstate(id)).toMatchObject({ state: 'completed', version: 5, unitVersion: 4 });
    expect(control.unit(unit.id)?.rentedUntil).toBe(START + WEEK_MS);
  });
});

describe('a simulated unit', () => {
  it('becomes overdue by itself at the instant at which its time runs out', async () => {
    const { control, clock } = await startRig();
    const tenant = { key: ALICE, name: '' };
    const unit = control.addUnit({ tenant, rentedUntil: at('2026-03-03T12:00:00Z') });
    await clock.advance(2 * 86_400_000 - 1);
    expect(control.unit(unit.id)).toMatchObject({ status: 'rented', version: 1 });
    await clock.advance(1);
    expect(control.unit(unit.id)).toMatchObject({
      ...{ status: 'overdue', version: 2, updatedAt: at('2026-03-03T12:00:00Z') },
    });
  });

  it('is not overdue at its old end when it was paid in time', async () => {
    const { control, clock } = await startRig();
    const tenant = { key: ALICE, name: '' };
    const unit = control.addUnit({ tenant, rentedUntil: at('2026-03-03T12:00:00Z') });
    control.pay({ unit: unit.id, payer: ALICE, amount: 250 });
    await clock.advance(9 * 86_400_000 - 1);
    expect(control.unit(unit.id)?.status).toBe('rented');
    await clock.advance(1);
    expect(control.unit(unit.id)?.status).toBe('overdue');
  });

  it('can be evicted, and put out of reach, by whoever rehearses', async () => {
    const { control, clock } = await startRig();
    const unit = control.addUnit({ tenant: { key: ALICE, name: '' }, rentedUntil: START });
    const evicted = control.changeUnit(unit.id, { tenant: null, rentedUntil: null });
    expect(evicted).toMatchObject({ status: 'available', version: 2 });
    expect(control.changeUnit(unit.id, { status: 'unreachable' }).status).toBe('unreachable');
    control.pay({ unit: unit.id, payer: BOB, amount: 250 });
    await clock.advance(20);
    expect(control.unit(unit.id)).toMatchObject({ status: 'unreachable', tenant: { key: BOB } });
  });
});

describe('the truth about payments', () => {
  it('says until when a unit is rightfully paid, processed or not', async () => {
    const { control, clock } = await startRig();
    const tenant = { key: ALICE, name: '' };
    const opened = at('2026-03-03T12:00:00Z');
    const unit = control.addUnit({ tenant, rentedUntil: opened });
    const vacant = control.addUnit();
    control.setFaults({ stall: true });
    control.pay({ unit: unit.id, payer: ALICE, amount: 500 });
    await clock.advance(1_000);
    expect(control.unit(unit.id)?.rentedUntil).toBe(opened);
    expect(control.rightfulUntil(unit.id)).toBe(opened + 2 * WEEK_MS);
    expect(control.rightfulUntil(vacant.id)).toBeNull();
  });
});
