/** Units made up from a seed: a plausible estate of any size, the same one for the same seed. */
import { DAY_MS, type Instant } from '../../src/domain/time';
import type { UnitInput } from './bodies';
import { randomFor } from './random';
import type { NewUnit } from './records';
import { statusOf } from './terms';

const REGIONS = [
  'Alder',
  'Birch',
  'Cedar',
  'Dune',
  'Ebb',
  'Fern',
  'Gale',
  'Heath',
  'Isle',
  'Jetty',
];

/** Unit number `n` (from 1). Nine in ten are let, for up to 30 days more; the others are vacant. */
export function madeUpUnit(input: {
  readonly seed: number;
  readonly n: number;
  readonly now: Instant;
}): NewUnit {
  const { seed, n, now } = input;
  const random = randomFor(seed, 'unit', n);
  const isLet = random.below(10) > 0;
  const tenant = isLet ? { key: random.uuid(), name: `Tenant ${n}` } : null;
  const rentedUntil = isLet ? ((now + Math.ceil(random.next() * 30 * DAY_MS)) as Instant) : null;
  const dice = random.below(10);
  return {
    ...bareUnit(input),
    tenant,
    rentedUntil,
    status: statusOf({ tenant, rentedUntil }, now),
    price: 50 + 10 * random.below(100),
    term: dice === 0 ? 'day' : dice === 1 ? 'month' : 'week',
  };
}

/** A unit as a caller describes it; what it leaves out is vacant, L$ 250 a week, and not locked. */
export function describedUnit(
  input: { readonly seed: number; readonly n: number; readonly now: Instant },
  described: UnitInput,
): NewUnit {
  const given = definedFields(described);
  const unit = { ...bareUnit(input), ...given };
  return { ...unit, status: given.status ?? statusOf(unit, input.now) };
}

export const unitIdOf = (n: number): string => `unit-${String(n).padStart(7, '0')}`;

/** Leaves out what is undefined, so that it cannot hide what was there before. */
export function definedFields<Fields extends object>(fields: Fields): Defined<Fields> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<Fields>;
}

type Defined<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

function bareUnit({ seed, n }: { readonly seed: number; readonly n: number }): NewUnit {
  return {
    id: unitIdOf(n),
    objectKey: randomFor(seed, 'object', n).uuid(),
    name: `Rental ${n}`,
    region: REGIONS[n % REGIONS.length] ?? 'Alder',
    parcel: `Parcel ${n}`,
    tenant: null,
    rentedUntil: null,
    status: 'available',
    price: 250,
    term: 'week',
    locked: false,
  };
}
