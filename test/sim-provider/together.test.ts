import type { FaultSet } from '../../scripts/sim-provider/faults';
import { ALICE, BOB, startRig, stopRigs, until, type Rig } from './rig';

afterEach(stopRigs);

const EVERYTHING: FaultSet = {
  ...{ stall: true, failNow: 5, failRate: 0.3, suspendRate: 0.2, drain: true, doubleCredit: 0.2 },
  ...{ resetOverdue: 0.2, resetOverdueOnPayment: 0.3, partialReset: 0.1, editExpiry: 0.1 },
  ...{
    dropStream: true,
    newStreamId: true,
    restoreBackup: true,
    duplicateRate: 0.2,
    skipRate: 0.2,
  },
  ...{
    reorderWindow: 20,
    garbageRate: 0.2,
    restErrorRate: 0.3,
    restDelayMs: 5,
    noExpiryCall: true,
  },
};

/** Payments and every fault in turns; what the units owe is independent of all of it. */
async function storm(rig: Rig): Promise<void> {
  const units = [...rig.control.units()].map(({ id }) => id);
  const sets: FaultSet[] = [
    EVERYTHING,
    { ...EVERYTHING, stall: false, silentStream: true, restoreBackup: 30 },
    { ...EVERYTHING, drain: false, refuseStream: true, restoreBackup: false },
    {},
  ];
  for (let round = 0; round < 12; round += 1) {
    rig.control.setFaults(sets[round % sets.length] ?? {});
    for (let n = 0; n < 40; n += 1) {
      const payer = n % 3 === 0 ? BOB : ALICE;
      rig.control.pay({ unit: units[(n * 7) % units.length] ?? '', payer, amount: 100 + n });
      if (n % 10 === 0) await rig.clock.advance(15);
    }
  }
}

describe('all faults together', () => {
  it.each([1, 2, 3])('leave the truth about payments whole, with seed %i', async (seed) => {
    const rig = await startRig({ seed, units: 30 });
    const openings = new Map([...rig.control.units()].map((unit) => [unit.id, unit]));
    await storm(rig);
    const paid = rig.control.payments();
    expect(paid).toHaveLength(480);
    rig.control.setFaults({});
    rig.control.setFaults({ drain: true });
    await rig.clock.advance(1_000);
    expect(rig.control.payments()).toEqual(paid);
    for (const payment of paid) {
      expect(rig.control.transaction(payment.txId)).toMatchObject({
        ...{ state: 'completed', amount: payment.amount, paidAt: payment.paidAt },
        ...{ creditedSeconds: payment.seconds, payer: payment.payer, unit: payment.unit },
      });
    }
    for (const [id, { rentedUntil }] of openings) {
      const ofUnit = paid.filter(({ unit }) => unit === id);
      const bought = ofUnit.reduce((sum, { seconds }) => sum + seconds, 0);
      const from = rentedUntil ?? ofUnit[0]?.paidAt ?? null;
      expect(rig.control.rightfulUntil(id)).toBe(from === null ? null : from + bought * 1_000);
    }
  });

  it('end in the same state for the same seed', async () => {
    const run = async (): Promise<unknown> => {
      const rig = await startRig({ seed: 5, units: 30 });
      await storm(rig);
      await rig.clock.advance(1_000);
      return { units: [...rig.control.units()], effects: rig.control.effects() };
    };
    expect(await run()).toEqual(await run());
  });

  it('leave a server that serves again once they are lifted', async () => {
    const rig = await startRig({ units: 30 });
    await storm(rig);
    rig.control.setFaults({});
    const client = await rig.follow();
    rig.control.notice({ text: 'all clear' });
    await until(() => client.seqs().length === 1);
    const rows = await rig.rows('/v1/transactions?limit=100');
    expect(new Set(rows.map(({ id }) => id)).size).toBe(480);
    expect(await rig.rows('/v1/units?limit=7')).toHaveLength(30);
    expect((await rig.call('/v1/health')).body['status']).toBe('ok');
  });
});
