/** What every ReferenceStore keeps to, whatever it keeps its rows in. */
import type { ReferenceStore } from '../../src/flows/ports/upkeep-ports';

export function referenceStoreContract(create: () => Promise<ReferenceStore>): void {
  let store: ReferenceStore;
  beforeEach(async () => {
    store = await create();
  });

  it('gives a reference to the first that claims it, for good', async () => {
    expect(await store.claim('manual', 'INV 7/2026', 'box_a:1')).toBe(true);
    expect(await store.claim('manual', 'INV 7/2026', 'box_b:2')).toBe(false);
    expect(await store.claim('manual', 'INV 7/2026', 'box_a:1')).toBe(true);
  });

  it('lets the same reference be used once under each type', async () => {
    expect(await store.claim('paypal', '$7', 'one')).toBe(true);
    expect(await store.claim('bank', '$7', 'two')).toBe(true);
    const found = await store.find('$7');
    expect([...found].sort((a, b) => (a.type < b.type ? -1 : 1))).toEqual([
      { type: 'bank', by: 'two' },
      { type: 'paypal', by: 'one' },
    ]);
    expect(await store.find('bank:$7')).toEqual([{ type: 'bank', by: 'two' }]);
    expect(await store.find('$8')).toEqual([]);
    expect(await store.find('manual:$7')).toEqual([]);
  });

  it('gives a reference to one of many that claim it at once', async () => {
    const claims = Array.from({ length: 20 }, (_, n) => store.claim('manual', '7', `report ${n}`));
    const won = await Promise.all(claims);
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await store.find('7')).toEqual([{ type: 'manual', by: `report ${won.indexOf(true)}` }]);
  });
}
