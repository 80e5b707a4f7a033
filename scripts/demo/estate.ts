/** The estate that the demo lets: twelve rentals and who holds them, from the seed alone. */
import { DAY_MS, plusMs, SECOND_MS, type Instant } from '../../src/domain/time';
import type { UnitInput } from '../sim-provider/bodies';
import { randomFor } from '../sim-provider/random';
import type { Agent } from '../sim-provider/records';

export const REGION = 'Dream Bay';
export const RENTALS = 12;

/**
 * `pays`: has days left, and pays as tenants do. `runs-out`: pays while the provider stalls, and
 * the old time ends before the provider goes on. `does-not-pay`: the time ends, and rightly so.
 */
export type Role = 'pays' | 'runs-out' | 'does-not-pay';

export interface DemoUnit {
  readonly id: string;
  readonly name: string;
  readonly tenant: Agent;
  /** Whole L$ a week. */
  readonly price: number;
  readonly role: Role;
  /** From when the estate is handed over to the end of the time that was paid before. */
  readonly leftMs: number;
}

/** Late enough for payments to be made first, and early enough to fall into the stall. */
const RUNS_OUT_MS = 24 * SECOND_MS;
const DOES_NOT_PAY_MS = 9 * SECOND_MS;

export function demoEstate(seed: number): readonly DemoUnit[] {
  const numbers = Array.from({ length: RENTALS }, (_, index) => index + 1);
  const order = randomFor(seed, 'demo-roles').shuffled(numbers);
  return numbers.map((n) => {
    const random = randomFor(seed, 'demo-unit', n);
    const role = roleAt(order.indexOf(n));
    return {
      id: `unit-${String(n).padStart(2, '0')}`,
      name: `Rental ${n}`,
      tenant: { key: random.uuid(), name: `Tenant ${n}` },
      price: 100 + 25 * random.below(13),
      role,
      leftMs: leftMs(role, 2 + random.below(18)),
    };
  });
}

/** As the provider holds it at the moment of handing over. */
export function asProviderUnit(unit: DemoUnit, now: Instant): UnitInput {
  const { id, name, tenant, price } = unit;
  return {
    ...{
      id,
      name,
      tenant,
      price,
      term: 'week',
      region: REGION,
      parcel: name.replace('Rental', 'Parcel'),
    },
    rentedUntil: plusMs(now, unit.leftMs),
  };
}

function roleAt(place: number): Role {
  if (place < 3) return 'runs-out';
  return place === 3 ? 'does-not-pay' : 'pays';
}

function leftMs(role: Role, days: number): number {
  if (role === 'pays') return days * DAY_MS;
  return role === 'runs-out' ? RUNS_OUT_MS : DOES_NOT_PAY_MS;
}
