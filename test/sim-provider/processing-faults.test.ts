import { ALICE, startRig, stopRigs, type Rig } from './rig';

afterEach(stopRigs);

const WEEK_MS = 604_800_000;

/** `howMany` payments of a week each, on `units` units in turn. */
function pay(rig: Rig, howMany: number, units = 10): void {
  const ids = [...rig.control.units()].map(({ id }) => id);
  for (let n = ids.length; n < units; n += 1) ids.push(rig.control.addUnit().id);
  for (let n = 0; n < howMany; n += 1) {
    rig.control.pay({ unit: ids[n % units] ?? '', payer: ALICE, amount: 250 });
  }
}

const counts = (rig: Rig): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(rig.control.state().counts.transactions).filter(([, count]) => count > 0),
  );

/** Payment numbers by state, in the order of their last change. */
async function inState(rig: Rig, state: string): Promise<number[]> {
  const rows = await rig.rows('/v1/transactions?limit=500');
  return rows
    .filter((row) => row['state'] === state)
    .map((row) => rig.control.transaction(String(row['id']))?.n ?? 0);
}

describe('a stall', () => {
  it('accepts payments and leaves them queued until it is lifted', async () => {
    const rig = await startRig();
    rig.control.setFaults({ stall: true });
    pay(rig, 20);
    await rig.clock.advance(3_600_000);
    expect(counts(rig)).toEqual({ queued: 20 });
    rig.control.setFaults({ stall: false });
    await rig.clock.advance(30);
    expect(counts(rig)).toEqual({ completed: 20 });
  });

  it('stops what is being processed as well, and processes it in order afterwards', async () => {
    const rig = await startRig();
    pay(rig, 3);
    await rig.clock.advance(10);
    rig.control.setFaults({ stall: true });
    pay(rig, 3);
    await rig.clock.advance(60_000);
    expect(counts(rig)).toEqual({ processing: 3, queued: 3 });
    expect(rig.clock.waiting()).toBe(0);
    rig.control.setFaults({});
    await rig.clock.advance(30);
    expect(await inState(rig, 'completed')).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('failing', () => {
  it('at once strikes so many of the queued, as the provider words it', async () => {
    const rig = await startRig();
    rig.control.setFaults({ stall: true });
    pay(rig, 10);
    await rig.clock.advance(1_000);
    rig.control.setFaults({ stall: true, failNow: 3 });
    expect(counts(rig)).toEqual({ queued: 7, failed: 3 });
    const failed = [...rig.control.transactions()].find(({ state }) => state === 'failed');
    expect(failed).toMatchObject({ message: 'Something bad happened :(', version: 2 });
    rig.control.setFaults({ stall: true, failNow: 100 });
    expect(counts(rig)).toEqual({ failed: 10 });
  });

  it('strikes its share of what is processed, and the others complete', async () => {
    const rig = await startRig();
    rig.control.setFaults({ failRate: 0.3 });
    pay(rig, 200);
    await rig.clock.advance(1_000);
    const { failed = 0, completed = 0 } = counts(rig);
    expect(failed + completed).toBe(200);
    expect(failed).toBeGreaterThan(35);
    expect(failed).toBeLessThan(85);
  });

  it('strikes its share of what is held by a stall, and of what comes in meanwhile', async () => {
    const rig = await startRig();
    rig.control.setFaults({ stall: true });
    pay(rig, 100);
    await rig.clock.advance(1_000);
    rig.control.setFaults({ stall: true, failRate: 0.2 });
    const { failed: atOnce = 0 } = counts(rig);
    expect(atOnce).toBeGreaterThan(8);
    expect(atOnce).toBeLessThan(35);
    pay(rig, 100);
    await rig.clock.advance(1_000);
    const { failed = 0, queued = 0 } = counts(rig);
    expect(failed - atOnce).toBeGreaterThan(8);
    expect(failed + queued).toBe(200);
  });

  it('is not final, and not undone by lifting the fault: a drain brings it back', async () => {
    const rig = await startRig();
    rig.control.setFaults({ failRate: 1 });
    pay(rig, 5);
    await rig.clock.advance(1_000);
    rig.control.setFaults({});
    await rig.clock.advance(86_400_000);
    expect(counts(rig)).toEqual({ failed: 5 });
    rig.control.setFaults({ drain: true });
    await rig.clock.advance(30);
    expect(counts(rig)).toEqual({ completed: 5 });
    const unit = [...rig.control.units()][0];
    expect(unit?.rentedUntil).toBe(rig.control.rightfulUntil(unit?.id ?? ''));
  });
});

describe('suspending', () => {
  it('strikes its share, which then says that the box cannot be reached', async () => {
    const rig = await startRig();
    rig.control.setFaults({ suspendRate: 0.5, failRate: 0.5 });
    pay(rig, 200);
    await rig.clock.advance(1_000);
    const { suspended = 0, failed = 0, completed = 0 } = counts(rig);
    expect(suspended + failed + completed).toBe(200);
    expect(suspended).toBeGreaterThan(70);
    expect(failed).toBeGreaterThan(25);
    expect(completed).toBeGreaterThan(25);
    const one = [...rig.control.transactions()].find(({ state }) => state === 'suspended');
    expect(one?.message).toMatch('cannot be reached');
  });
});

describe('a drain', () => {
  it('completes what is queued, failed or suspended, each payment once', async () => {
    const rig = await startRig();
    rig.control.setFaults({ stall: true, failRate: 0.3, suspendRate: 0.3 });
    pay(rig, 100);
    await rig.clock.advance(1_000);
    expect(Object.keys(counts(rig)).toSorted()).toEqual(['failed', 'queued', 'suspended']);
    rig.control.setFaults({ drain: true });
    await rig.clock.advance(30);
    expect(counts(rig)).toEqual({ completed: 100 });
    for (const unit of rig.control.units()) {
      expect(unit.rentedUntil).toBe(rig.control.rightfulUntil(unit.id));
    }
  });

  it('goes in order, unless a window lets transactions change places', async () => {
    const drained = async (reorderWindow: number): Promise<number[]> => {
      const rig = await startRig();
      rig.control.setFaults({ stall: true });
      pay(rig, 100);
      await rig.clock.advance(1_000);
      rig.control.setFaults({ stall: false, drain: true, reorderWindow });
      await rig.clock.advance(1_000);
      return inState(rig, 'completed');
    };
    const inOrder = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(await drained(0)).toEqual(inOrder);
    const mixed = await drained(10);
    expect(mixed).not.toEqual(inOrder);
    expect(mixed.toSorted((a, b) => a - b)).toEqual(inOrder);
  });

  it('works under a stall for what is there; what comes later waits', async () => {
    const rig = await startRig();
    rig.control.setFaults({ stall: true, failRate: 1 });
    pay(rig, 5);
    await rig.clock.advance(1_000);
    rig.control.setFaults({ stall: true, drain: true });
    pay(rig, 3);
    await rig.clock.advance(1_000);
    expect(counts(rig)).toEqual({ completed: 5, queued: 3 });
  });

  it('of ten thousand payments ends with each credited once', async () => {
    const rig = await startRig();
    rig.control.setFaults({ stall: true, failRate: 0.2 });
    pay(rig, 10_000, 500);
    await rig.clock.advance(1_000);
    rig.control.setFaults({ drain: true, reorderWindow: 50 });
    await rig.clock.advance(1_000);
    expect(counts(rig)).toEqual({ completed: 10_000 });
    for (const unit of rig.control.units()) {
      expect(unit.rentedUntil).toBe(rig.control.rightfulUntil(unit.id));
    }
  });
});

describe('a double credit', () => {
  it('lets the unit’s time rise twice, while the transaction counts it once', async () => {
    const rig = await startRig();
    rig.control.setFaults({ doubleCredit: 1 });
    pay(rig, 1, 1);
    await rig.clock.advance(20);
    const unit = [...rig.control.units()][0];
    const transaction = [...rig.control.transactions()][0];
    const owed = rig.control.rightfulUntil(unit?.id ?? '') ?? 0;
    expect(unit).toMatchObject({ rentedUntil: owed + WEEK_MS, version: 3 });
    expect(transaction).toMatchObject({ creditedSeconds: 604_800, unitVersion: 2 });
    expect(rig.control.effects()).toMatchObject([{ fault: 'doubleCredit', txId: transaction?.id }]);
  });
});

describe('a reset when paid', () => {
  it('lets the unit fall to overdue right after its payment completed', async () => {
    const rig = await startRig();
    rig.control.setFaults({ resetOverdueOnPayment: 1 });
    pay(rig, 10);
    await rig.clock.advance(20);
    expect(counts(rig)).toEqual({ completed: 10 });
    expect(rig.control.state().counts.units).toMatchObject({ overdue: 10 });
    expect(rig.control.effects()).toHaveLength(10);
    expect([...rig.control.transactions()][0]?.unitVersion).toBe(2);
  });

  it('strikes its share only', async () => {
    const rig = await startRig();
    rig.control.setFaults({ resetOverdueOnPayment: 0.3 });
    pay(rig, 200, 200);
    await rig.clock.advance(1_000);
    const { overdue = 0 } = rig.control.state().counts.units;
    expect(overdue).toBeGreaterThan(35);
    expect(overdue).toBeLessThan(85);
  });
});

describe('chance', () => {
  it('falls on the same payments for the same seed, and on others for another', async () => {
    const failedOf = async (seed: number): Promise<number[]> => {
      const rig = await startRig({ seed });
      rig.control.setFaults({ failRate: 0.3 });
      pay(rig, 50);
      await rig.clock.advance(1_000);
      return inState(rig, 'failed');
    };
    const first = await failedOf(1);
    expect(await failedOf(1)).toEqual(first);
    expect(await failedOf(2)).not.toEqual(first);
  });
});
