/** A run of the demo repeats by its seed, tidies up after itself, and loses calls as it says. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { badNetwork } from '../../scripts/demo/bad-network';
import { createBelongings } from '../../scripts/demo/belongings';
import { demoEstate } from '../../scripts/demo/estate';
import { makeRunFolder } from '../../scripts/demo/folder';
import { planPayments } from '../../scripts/demo/plan';

describe('the plan of a run', () => {
  it('is the same for the same seed, and another for another', () => {
    const plan = (seed: number) => planPayments(seed, demoEstate(seed));
    expect(plan(7)).toEqual(plan(7));
    expect(plan(7)).not.toEqual(plan(8));
  });

  it.each([1, 2, 3])(
    'has payers, three who run out in time, and one who does not pay (%d)',
    (seed) => {
      const estate = demoEstate(seed);
      const { ordinary, stall } = planPayments(seed, estate);
      const roles = estate.map(({ role }) => role);
      expect(roles.filter((role) => role === 'runs-out')).toHaveLength(3);
      expect(roles.filter((role) => role === 'does-not-pay')).toHaveLength(1);
      expect(ordinary.every(({ unit }) => unit.role === 'pays')).toBe(true);
      expect(stall.every(({ unit }) => unit.role !== 'does-not-pay')).toBe(true);
      expect(stall.filter(({ unit }) => unit.role === 'runs-out')).toHaveLength(3);
      expect([...ordinary, ...stall].every(({ amount }) => amount >= 1)).toBe(true);
    },
  );
});

describe('the end of a run', () => {
  it('gives everything back in the opposite order, once, and goes on past what fails', async () => {
    const order: string[] = [];
    const belongings = createBelongings();
    belongings.add('the folder', () => void order.push('folder'));
    belongings.add('the service', () => Promise.reject(new Error('it hangs')));
    belongings.add('the region', () => void order.push('region'));
    const twice = await Promise.all([belongings.giveBack(), belongings.giveBack()]);
    expect(order).toEqual(['region', 'folder']);
    expect(twice).toEqual([['the service: it hangs'], ['the service: it hangs']]);
  });

  it('removes its folder, but for a log that somebody is to read', () => {
    const folder = makeRunFolder();
    writeFileSync(folder.logPath, 'a line\n');
    folder.keepLog();
    folder.remove();
    expect(existsSync(folder.logPath)).toBe(true);
    rmSync(folder.path, { recursive: true });
    const other = makeRunFolder();
    writeFileSync(other.logPath, 'a line\n');
    other.remove();
    expect(existsSync(other.path)).toBe(false);
  });
});

describe('the bad network', () => {
  it('loses calls on their way there and answers on their way back, and counts both', async () => {
    const chances = [0.9, 0.05, 0.15];
    const network = badNetwork({ next: () => chances.shift() ?? 1 }, 0.2);
    const url = 'data:text/plain,arrived';
    await expect(network.fetch(url).then((answer) => answer.text())).resolves.toBe('arrived');
    await expect(network.fetch(url)).rejects.toThrow('lost');
    await expect(network.fetch(url)).rejects.toThrow('lost');
    expect(network.lost()).toBe(2);
  });
});
