import { CallGate, GateFull } from '../../src/provider/rest/call-gate';

const calm = new AbortController().signal;

describe('the gate of calls', () => {
  it('lets waiters in one by one, in the order in which they came', async () => {
    const gate = new CallGate(1, 10);
    const order: string[] = [];
    const leave = await gate.enter(calm);
    const pass = async (name: string): Promise<void> => {
      const leaveAgain = await gate.enter(calm);
      order.push(name);
      leaveAgain();
    };
    const all = Promise.all([pass('first'), pass('second'), pass('third')]);
    leave();
    await all;
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('gives a place back once, however often that is said', async () => {
    const gate = new CallGate(1, 10);
    const leave = await gate.enter(calm);
    leave();
    leave();
    await gate.enter(calm);
    const giveUp = new AbortController();
    const second = gate.enter(giveUp.signal);
    giveUp.abort(new Error('It had to wait.'));
    await expect(second).rejects.toThrow('It had to wait.');
  });

  it('forgets a waiter that gave up: neither its waiting place nor its turn is lost', async () => {
    const gate = new CallGate(1, 1);
    const leave = await gate.enter(calm);
    const giveUp = new AbortController();
    const impatient = gate.enter(giveUp.signal);
    await expect(gate.enter(calm)).rejects.toThrow(GateFull);
    giveUp.abort(new Error('Enough.'));
    await expect(impatient).rejects.toThrow('Enough.');
    const patient = gate.enter(calm);
    leave();
    const leavePatient = await patient;
    leavePatient();
    await gate.enter(calm);
  });

  it('lets nobody in who has given up already', async () => {
    await expect(new CallGate(1, 1).enter(AbortSignal.abort(new Error('No.')))).rejects.toThrow(
      'No.',
    );
  });
});
