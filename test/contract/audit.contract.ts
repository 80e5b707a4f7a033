/** What every AuditStore keeps to, whatever it keeps its rows in. */
import type { Audit } from '../../src/domain/access';
import type { Instant } from '../../src/domain/time';
import type { AuditStore } from '../../src/flows/ports/upkeep-ports';
import { shuffled, walk } from './walk';

const REGIONS = ['Ahern', 'Bonifacio', null];

function aRow(n: number, change: Partial<Audit> = {}): Audit {
  return {
    id: `aud_${`${n}`.padStart(4, '0')}`,
    at: (1_772_000_000_000 + Math.floor(n / 2)) as Instant,
    author: '$night desk',
    subject: `r_${n % 2}`,
    region: REGIONS[n % 3] ?? null,
    action: 'rental-changed',
    reason: n % 4 === 0 ? null : 'agreed by mail',
    before: { price: { $amount: 196, 'a.b': [1, {}] } },
    after: null,
    ...change,
  };
}

export function auditStoreContract(create: () => Promise<AuditStore>): void {
  let store: AuditStore;
  const list = (subject: string | null, regions: readonly string[]): Promise<Audit[]> =>
    walk((input) => store.list({ ...input, subject, regions }), 4);
  beforeEach(async () => {
    store = await create();
  });

  it('keeps each row as it was written, the newest first', async () => {
    await store.write(shuffled(15).map((n) => aRow(n)));
    await store.write([]);
    expect(await list(null, [])).toEqual(Array.from({ length: 15 }, (_, n) => aRow(14 - n)));
  });

  it('keeps a row once, and as it was first written', async () => {
    await store.write([aRow(1)]);
    await store.write([aRow(1, { author: 'somebody else' }), aRow(2)]);
    expect(await list(null, [])).toEqual([aRow(2), aRow(1)]);
  });

  it('lists what was done to one subject', async () => {
    await store.write(shuffled(15).map((n) => aRow(n)));
    expect(await list('r_1', [])).toEqual([13, 11, 9, 7, 5, 3, 1].map((n) => aRow(n)));
    expect(await list('r_none', [])).toEqual([]);
  });

  it('shows a key that is limited to regions nothing outside them', async () => {
    await store.write(shuffled(15).map((n) => aRow(n)));
    const inAhern = [12, 9, 6, 3, 0].map((n) => aRow(n));
    expect(await list(null, ['Ahern'])).toEqual(inAhern);
    expect(await list('r_1', ['Ahern'])).toEqual([aRow(9), aRow(3)]);
    expect(await list(null, ['Ahern', 'Bonifacio'])).toHaveLength(10);
    expect(await list(null, ['Cuddle'])).toEqual([]);
  });
}
