import { Lane, type Waiting } from '../../scripts/sim-provider/lane';
import { randomFor, roll } from '../../scripts/sim-provider/random';

const waiting = (id: string, dueAt: number): Waiting => ({
  ...{ id, dueAt: dueAt as Waiting['dueAt'], fate: 'chance' },
});
const first = (): number => 0;

describe('a lane of waiting transactions', () => {
  it('lets nothing go before it is due', () => {
    const lane = new Lane();
    lane.push(waiting('a', 10));
    expect(lane.take(9 as Waiting['dueAt'], first)).toBeNull();
    expect(lane.nextDue()).toBe(10);
    expect(lane.take(10 as Waiting['dueAt'], first)?.id).toBe('a');
    expect(lane.nextDue()).toBeNull();
  });

  it('lets one overtake that is due, and never one that is not', () => {
    const lane = new Lane();
    for (const [id, dueAt] of [
      ['a', 1],
      ['b', 1],
      ['c', 9],
    ] as const)
      lane.push(waiting(id, dueAt));
    expect(lane.take(1 as Waiting['dueAt'], () => 2)?.id).toBe('a');
    lane.push(waiting('d', 9));
    expect(lane.take(9 as Waiting['dueAt'], () => 2)?.id).toBe('d');
    expect([lane.size, lane.clear().map(({ id }) => id)]).toEqual([2, ['c', 'b']]);
  });

  it('keeps its order over thousands', () => {
    const lane = new Lane();
    const taken: (string | undefined)[] = [];
    for (let n = 0; n < 5_000; n += 1) lane.push(waiting(String(n), n));
    for (let n = 0; n < 5_000; n += 1) taken.push(lane.take(n as Waiting['dueAt'], first)?.id);
    expect(taken).toEqual(Array.from({ length: 5_000 }, (_, n) => String(n)));
  });
});

describe('chance from a seed', () => {
  it('is the same for the same key, and spread evenly over keys', () => {
    expect(roll(7, 'fail', 1)).toBe(roll(7, 'fail', 1));
    const rolls = Array.from({ length: 10_000 }, (_, n) => roll(7, 'fail', n));
    for (const rate of [0.05, 0.3, 0.5, 0.9]) {
      const share = rolls.filter((value) => value < rate).length / rolls.length;
      expect(Math.abs(share - rate)).toBeLessThan(0.02);
    }
  });

  it('gives well-formed UUIDs, all different', () => {
    const random = randomFor(1, 'uuid');
    const uuids = Array.from({ length: 1_000 }, () => random.uuid());
    expect(new Set(uuids).size).toBe(1_000);
    for (const uuid of uuids) {
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it('puts a list into another order, and keeps all of it', () => {
    const list = Array.from({ length: 100 }, (_, n) => n);
    const other = randomFor(1, 'list').shuffled(list);
    expect(other).not.toEqual(list);
    expect(other.toSorted((a, b) => a - b)).toEqual(list);
  });
});
