/** What a process remembers of nonces, and that it forgets in time and within bounds. */
import { plusMs } from '../../../src/domain/time';
import { createNonceMemory } from '../../../src/http/inworld/nonce-memory';
import { NOW } from './sample-estate';

const KEY = 'box_42';

describe('the memory for nonces', () => {
  it('knows a nonce again for longer than its call is in time, of the same box', () => {
    const memory = createNonceMemory();
    const later = (ms: number) => ({ key: KEY, nonce: 'a', now: plusMs(NOW, ms) });
    expect(memory.isNew(later(0))).toBe(true);
    expect(memory.isNew(later(600_999))).toBe(false);
    expect(memory.isNew(later(659_999))).toBe(false);
    expect(memory.isNew({ ...later(0), key: 'box_43' })).toBe(true);
    expect(memory.isNew(later(660_000))).toBe(true);
  });

  it('forgets the oldest of a box that uses very many, and no other box for its sake', () => {
    const memory = createNonceMemory({ mostBoxes: 10, mostPerBox: 3 });
    memory.isNew({ key: 'box_43', nonce: 'a', now: NOW });
    for (const nonce of ['a', 'b', 'c', 'd']) memory.isNew({ key: KEY, nonce, now: NOW });
    expect(memory.isNew({ key: KEY, nonce: 'b', now: NOW })).toBe(false);
    expect(memory.isNew({ key: KEY, nonce: 'a', now: NOW })).toBe(true);
    expect(memory.isNew({ key: 'box_43', nonce: 'a', now: NOW })).toBe(false);
  });

  it('forgets the box that was not heard for longest when there are too many', () => {
    const memory = createNonceMemory({ mostBoxes: 2, mostPerBox: 3 });
    const isNew = (key: string): boolean => memory.isNew({ key, nonce: 'a', now: NOW });
    isNew('box_1');
    isNew('box_2');
    expect(isNew('box_1')).toBe(false);
    isNew('box_3');
    expect(isNew('box_1')).toBe(false);
    expect(isNew('box_2')).toBe(true);
  });
});
