import { readTransaction, readUnit } from '../../src/provider/messages';
import { readFrame } from '../../src/provider/stream/frames';
import { ALICE, startRig, stopRigs, until, type Rig } from './rig';

afterEach(stopRigs);

/** Every state and status that the simulator can show, the largest amounts and times among them. */
async function everyWord(rig: Rig): Promise<void> {
  const { control, clock } = rig;
  control.addUnit({ id: '~odd/id?&#', name: '', region: '🌙', tenant: { key: ALICE, name: '\n' } });
  control.addUnit({ id: 'reserved', status: 'reserved' });
  control.addUnit({ id: 'out-of-reach', status: 'unreachable', price: 1, term: 'month' });
  control.pay({ unit: 'out-of-reach', payer: ALICE, amount: 2 ** 31 - 1 });
  const { id } = control.pay({ unit: '~odd/id?&#', payer: ALICE, amount: 1, paidAt: null });
  await clock.advance(20);
  control.reverse(id);
  control.setFaults({ failRate: 0.3, suspendRate: 0.3 });
  const units = [...control.units()];
  for (const unit of units) control.pay({ unit: unit.id, payer: ALICE, amount: 7 });
  await clock.advance(20);
  control.setFaults({
    ...{ stall: true, resetOverdue: 0.4, partialReset: 0.2, editExpiry: 0.2 },
    partialReset: [{ unit: 'reserved', seconds: 1e9 }],
  });
  for (const unit of units) control.pay({ unit: unit.id, payer: ALICE, amount: 7 });
  control.notice({ type: 'weather', text: 'rain' });
}

describe('what the simulator says', () => {
  it('is read by the bridge, row by row', async () => {
    const rig = await startRig({ units: 40 });
    await everyWord(rig);
    const units = await rig.rows('/v1/units?limit=500');
    const transactions = await rig.rows('/v1/transactions?limit=500');
    const readings = [...units.map(readUnit), ...transactions.map(readTransaction)];
    expect(readings.filter(({ kind }) => kind === 'fault')).toEqual([]);
    const states = new Set([...units, ...transactions].map(({ status, state }) => status ?? state));
    expect([...states].toSorted()).toEqual([
      ...['available', 'completed', 'failed', 'overdue', 'queued', 'rented', 'reversed'],
      ...['suspended', 'unreachable'],
    ]);
  });

  it('is read by the bridge, frame by frame', async () => {
    const rig = await startRig({ units: 40 });
    const client = await rig.follow({ stream: 'another', after: 1 });
    await everyWord(rig);
    await rig.clock.advance(1_000);
    await until(() => client.ofOp('heartbeat').length === 1);
    rig.control.setFaults({ newStreamId: true });
    await until(() => client.closed !== null);
    const signals = client.raw.map((frame) => readFrame(Buffer.from(frame)));
    expect(signals.filter(({ kind }) => kind === 'unreadable')).toEqual([]);
    expect([...new Set(signals.map(({ kind }) => kind))].toSorted()).toEqual([
      ...['bye', 'gap', 'heartbeat', 'hello', 'notice', 'transaction', 'unit'],
    ]);
  });
});
