/** What every NonceStore keeps to, whatever it keeps its rows in. */
import type { BoxId } from '../../src/domain/ids';
import { MINUTE_MS, type Instant } from '../../src/domain/time';
import type { NonceStore } from '../../src/flows/ports/upkeep-ports';

const BOX = 'box_a' as BoxId;
/** The end of the whole second that is 300 s behind a box which was 300 s ahead. */
const LAST_IN_TIME_MS = 600_999;
const NONCE = '33333333-3333-4333-8333-333333333333';

export function nonceStoreContract(create: () => Promise<NonceStore>): void {
  let store: NonceStore;
  const now = Date.now();
  const claim = (afterMs: number, boxId = BOX, nonce = NONCE): Promise<boolean> =>
    store.claim(boxId, nonce, (now + afterMs) as Instant);
  beforeEach(async () => {
    store = await create();
  });

  it('lets a nonce through once for longer than its call can be in time', async () => {
    expect(await claim(0)).toBe(true);
    expect(await claim(0)).toBe(false);
    expect(await claim(LAST_IN_TIME_MS)).toBe(false);
    expect(await claim(11 * MINUTE_MS - 1)).toBe(false);
    expect(await claim(11 * MINUTE_MS)).toBe(true);
    expect(await claim(11 * MINUTE_MS + 1)).toBe(false);
  });

  it('tells boxes and nonces apart', async () => {
    expect(await claim(0)).toBe(true);
    expect(await claim(0, 'box_b' as BoxId)).toBe(true);
    expect(await claim(0, BOX, NONCE.replace('3', '4'))).toBe(true);
  });

  it('lets one of many calls through that name it at once', async () => {
    const first = await Promise.all(Array.from({ length: 20 }, () => claim(0)));
    expect(first.filter(Boolean)).toHaveLength(1);
    const later = await Promise.all(Array.from({ length: 20 }, () => claim(11 * MINUTE_MS)));
    expect(later.filter(Boolean)).toHaveLength(1);
  });
}
