/** What every KeyStore keeps to, whatever it keeps its rows in. */
import type { AccessKey } from '../../src/domain/access';
import type { Instant } from '../../src/domain/time';
import type { KeyStore } from '../../src/flows/ports/upkeep-ports';
import { shuffled, walk } from './walk';

const at = (ms: number): Instant => (1_772_000_000_000 + ms) as Instant;

function aKey(n: number, change: Partial<AccessKey> = {}): AccessKey {
  return {
    id: `key_${n}`,
    name: '$night desk',
    role: 'manager',
    regions: ['Ahern', 'Bonifacio'],
    hash: `${n}`.padStart(64, '0'),
    createdAt: at(n),
    revokedAt: null,
    ...change,
  };
}

export function keyStoreContract(create: () => Promise<KeyStore>): void {
  let store: KeyStore;
  beforeEach(async () => {
    store = await create();
  });

  it('finds a key by its hash and by its id', async () => {
    expect(await store.count()).toBe(0);
    await store.save(aKey(1));
    await store.save(aKey(2, { role: 'owner', regions: [] }));
    expect(await store.byHash(aKey(1).hash)).toEqual(aKey(1));
    expect(await store.get('key_2')).toEqual(aKey(2, { role: 'owner', regions: [] }));
    expect(await store.byHash('f'.repeat(64))).toBeNull();
    expect(await store.get('key_3')).toBeNull();
    expect(await store.count()).toBe(2);
  });

  it('is created once, by the request that came first, which may repeat it', async () => {
    expect(await store.create(aKey(1), 'first')).toBe(true);
    expect(await store.create(aKey(1, { hash: 'e'.repeat(64) }), 'second')).toBe(false);
    expect(await store.get('key_1')).toEqual(aKey(1));
    expect(await store.create(aKey(1, { hash: 'd'.repeat(64) }), 'first')).toBe(true);
    expect(await store.get('key_1')).toEqual(aKey(1, { hash: 'd'.repeat(64) }));
    await store.save(aKey(1, { revokedAt: at(5) }));
    expect(await store.create(aKey(1), 'first')).toBe(false);
    expect(await store.count()).toBe(1);
  });

  it('keeps a key revoked, even when an older copy of it is saved', async () => {
    await store.save(aKey(1));
    await store.save(aKey(1, { revokedAt: at(5) }));
    await store.save(aKey(1));
    await store.save(aKey(1, { revokedAt: at(9) }));
    expect(await store.get('key_1')).toEqual(aKey(1, { revokedAt: at(5) }));
    expect(await store.count()).toBe(1);
  });

  finding(() => store);
  listing(() => store);
}

function finding(store: () => KeyStore): void {
  it('lets the revoked one speak where two rows hold the same key', async () => {
    const { hash } = aKey(1);
    await store().save(aKey(1, { revokedAt: at(5) }));
    await store().save(aKey(2, { hash }));
    expect((await store().byHash(hash))?.revokedAt).toBe(at(5));
  });

  it('gives everybody who asks at one time the key that was asked for', async () => {
    for (const n of [1, 2, 3]) await store().save(aKey(n));
    const hashes = [3, 1, 9, 2, 1, 9].map((n) => aKey(n).hash);
    const found = await Promise.all(hashes.map((hash) => store().byHash(hash)));
    expect(found.map((key) => key?.id ?? null)).toEqual([
      'key_3',
      'key_1',
      null,
      'key_2',
      'key_1',
      null,
    ]);
  });
}

function listing(store: () => KeyStore): void {
  it('lists every key once, the newest first', async () => {
    for (const n of shuffled(11)) await store().save(aKey(n));
    const listed = await walk((input) => store().list(input), 3);
    expect(listed.map(({ id }) => id)).toEqual(
      Array.from({ length: 11 }, (_, n) => `key_${10 - n}`),
    );
  });
}
