/** The walk through the provider's units beside our rentals ends, whatever the provider gives. */
import { parseUnitId } from '../../src/domain/ids';
import type { Instant } from '../../src/domain/time';
import type { UnitWord } from '../../src/domain/unit';
import {
  ProviderUnavailable,
  type Page,
  type ProviderApi,
} from '../../src/flows/ports/provider-port';
import { walkUnits, type WalkStart } from '../../src/flows/resync/walk-units';
import { agent, rentalOf } from '../support/estate';
import { createResyncWorld, PAID_UNTIL } from './resync-world';

/** The cursors that were asked for, and what came of the walk. */
async function walked(
  start: WalkStart,
  units: (cursor: string | null, now: Instant) => Page<UnitWord>,
) {
  const { deps, clock } = await createResyncWorld();
  const asked: (string | null)[] = [];
  const provider: ProviderApi = {
    ...deps.provider,
    units: async ({ cursor = null }) => {
      asked.push(cursor);
      return units(cursor, clock.now());
    },
  };
  const seen: string[] = [];
  const places: (string | null)[] = [];
  const walk = async (): Promise<void> => {
    for await (const { rows, through } of walkUnits({ ...deps, provider }, start)) {
      seen.push(...rows.map(({ rental }) => rental.id));
      places.push(through);
    }
  };
  const fault = await walk().catch((error: unknown) => error);
  return { asked, seen, places, fault: fault ?? null };
}

const pageOf = (id: string, next: string | null, time: Instant): Page<UnitWord> => {
  const rentedUntil = PAID_UNTIL;
  const unit = { ...{ unitId: parseUnitId(id), tenant: agent(1), status: 'rented' as const } };
  const rest = { ...{ price: null, name: id, region: 'Dream Bay', version: 1 }, updatedAt: time };
  return { rows: [{ ...unit, ...rest, rentedUntil } as UnitWord], next, time, unreadable: [] };
};

describe('a walk that goes on from a cursor of the provider', () => {
  it('begins the list again where the provider knows the cursor no more', async () => {
    const through = parseUnitId('unit-0');
    const found = await walked({ through, providerCursor: 'old' }, (cursor, now) => {
      if (cursor === 'old') throw new ProviderUnavailable('No such cursor.', true);
      return cursor === null ? pageOf('unit-', 'more', now) : pageOf('unit-1', null, now);
    });
    expect(found.asked).toEqual(['old', null, 'more']);
    expect(found).toMatchObject({ seen: ['r_1'], fault: null });
    // What was done is not undone by a place that lies before it.
    expect(found.places).toEqual(['unit-0', 'unit-1']);
  });

  it('asks no third time where the provider is away', async () => {
    const found = await walked({ through: null, providerCursor: 'old' }, () => {
      throw new ProviderUnavailable('Away.', true);
    });
    expect(found.asked).toEqual(['old', null]);
    expect(found.fault).toBeInstanceOf(ProviderUnavailable);
  });

  it('ends where a page leads back to itself', async () => {
    const found = await walked({ through: null, providerCursor: null }, (_, now) =>
      pageOf('unit-0', 'again', now),
    );
    expect(found.asked.length).toBeLessThan(5);
    expect(found.fault).toBeInstanceOf(ProviderUnavailable);
  });
});

it('shows all rentals beyond the end of a list that was cut short, a page at a time', async () => {
  const { deps } = await createResyncWorld();
  const most = 2_500;
  const unitOf = (n: number) => parseUnitId(`u-${String(n).padStart(5, '0')}`);
  const numbers = Array.from({ length: most }, (_, n) => n);
  await deps.rentals.save(numbers.map((n) => rentalOf(n + 2, { unitId: unitOf(n) })));
  const seen = new Set<string>();
  const sizes: number[] = [];
  let place: WalkStart = { through: null, providerCursor: null };
  for await (const { rows, ...at } of walkUnits(deps, place)) {
    for (const { rental } of rows) seen.add(rental.id);
    sizes.push(rows.length);
    if (sizes.length === 2) place = at;
  }
  expect(seen.size).toBe(most + 1);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000);
  // Broken off there, it goes on there.
  const done = sizes.slice(0, 2).reduce((sum, size) => sum + size, 0);
  for await (const { rows } of walkUnits(deps, place)) {
    const [first] = rows;
    if (first === undefined) continue;
    expect(first.rental.unitId).toBe(unitOf(done));
    break;
  }
});

describe('walking through the units of a provider', () => {
  it('gives up a list that has a next page for ever', async () => {
    const { deps, clock } = await createResyncWorld();
    let asked = 0;
    const units = async () => {
      asked += 1;
      return { rows: [], next: `page-${asked}`, time: clock.now(), unreadable: [] };
    };
    const provider = { ...deps.provider, units };
    const walk = async (): Promise<void> => {
      const start = { through: null, providerCursor: null };
      for await (const page of walkUnits({ ...deps, provider }, start)) {
        if (asked > 300_000 || page.rows.length > 0) return;
      }
    };
    await expect(walk()).rejects.toThrow(ProviderUnavailable);
    expect(asked).toBeLessThan(300_000);
  });
});
