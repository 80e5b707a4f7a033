/** The people of an estate: who pays which box how much, from a seed; both witnesses hear of it. */
import type { Identity } from '../sim-box/exchange';
import { randomFor, type Random } from '../sim-provider/random';
import type { Agent } from '../sim-provider/records';
import type { SimControl } from '../sim-provider/simulator';
import type { SimBox } from '../sim-box/sim-box';

/**
 * How a parcel is let: with weeks left, on the brink of its end, to nobody yet, or without a
 * provider.
 */
export type Way = 'long' | 'brink' | 'vacant' | 'by-itself';

export interface Parcel {
  readonly way: Way;
  readonly rentalId: string;
  /** Null where its box verifies. */
  readonly unitId: string | null;
  readonly tenant: Agent;
  readonly box: SimBox;
  /** What its box signs with, once it is paired. */
  readonly identity: () => Identity;
}

export interface Tenants {
  /** One of them pays, or a friend pays for them; sometimes twice the same in the same second. */
  payOne(): void;
  /** Those on the brink pay before their time is used up, and for a few seconds only. */
  stayOnTheBrink(): void;
  /**
   * Pays and lives on the brink for so long, and on a slow machine for longer: until half as many
   * have paid as would have on a fast one. @param everyMs between two payments.
   */
  payFor(durationMs: number, everyMs: number): Promise<void>;
  /** A payment that the provider's box alone has seen. Its transaction id. */
  payUnseen(): string;
}

/**
 * Of ten payments at a box with a provider, those that the provider's box alone sees: many on the
 * brink, where time may run out before anybody has told us of them.
 */
const UNSEEN_IN_TEN: Readonly<Record<Way, number>> = {
  ...{ long: 1, brink: 6, vacant: 1, 'by-itself': 0 },
};
/** Those on the brink keep this much ahead; each pays for twice that. */
const AHEAD_MS = 3_000;
const NAMES = ['Ana', '', '(Loading...)', 'Zoë “Ω” 山田', 'x'.repeat(63), '🏠 [x] {y}'];

export function createTenants(given: {
  readonly seed: number;
  readonly sim: Pick<SimControl, 'pay' | 'rightfulUntil'>;
  readonly parcels: readonly Parcel[];
}): Tenants {
  const { sim, parcels } = given;
  const random = randomFor(given.seed, 'tenants');
  const ready = parcels.filter(({ way }) => way !== 'brink');
  const payOne = (): void => {
    const parcel = ready[random.below(ready.length)];
    if (parcel === undefined) return;
    const amount = 1 + random.below(random.below(3) === 0 ? 300 : 60);
    const times = random.below(8) === 0 ? 2 : 1;
    const payer = payerFor(parcel, random);
    for (let time = 0; time < times; time += 1) pay(given, { parcel, payer, amount, random });
  };
  const stayOnTheBrink = (): void => {
    for (const parcel of parcels) {
      if (parcel.way !== 'brink' || parcel.unitId === null) continue;
      const leftMs = (sim.rightfulUntil(parcel.unitId) ?? 0) - Date.now();
      if (leftMs > AHEAD_MS) continue;
      const amount = Math.ceil((2 * AHEAD_MS - leftMs) / 1_000);
      pay(given, { parcel, payer: parcel.tenant, amount, random });
    }
  };
  return {
    payOne,
    stayOnTheBrink,
    async payFor(durationMs, everyMs) {
      const end = Date.now() + durationMs;
      const least = durationMs / everyMs / 2;
      for (let paid = 0; Date.now() < end || paid < least; paid += 1) {
        payOne();
        stayOnTheBrink();
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
    },
    payUnseen() {
      const known = ready.flatMap(({ unitId, tenant, way }) =>
        unitId === null || way !== 'long' ? [] : [{ unit: unitId, payer: tenant }],
      );
      const who = known[random.below(known.length)];
      if (who === undefined) throw new Error('There is nobody with a provider to pay.');
      return sim.pay({ ...who, amount: 1 + random.below(60) }).id;
    },
  };
}

/** One gift of L$, seen by the provider's box and by ours, in either order, or by one alone. */
function pay(
  given: { readonly sim: Pick<SimControl, 'pay'> },
  what: {
    readonly parcel: Parcel;
    readonly payer: Agent;
    readonly amount: number;
    readonly random: Random;
  },
): void {
  const { parcel, payer, amount, random } = what;
  const { box, unitId } = parcel;
  if (!box.state().selling) return;
  const said = { payer: payer.key, name: payer.name, amount };
  if (unitId === null) return void box.pay(said);
  const toProvider = { unit: unitId, payer, amount };
  const chance = random.below(10);
  if (chance < UNSEEN_IN_TEN[parcel.way]) return void given.sim.pay(toProvider);
  if (chance < 5) return void box.pay({ ...said, ref: given.sim.pay(toProvider).id });
  if (chance < 8) box.pay(said);
  given.sim.pay(toProvider);
  if (chance >= 8) box.pay(said);
}

/** A vacant parcel is taken by the first who pays, so nobody else pays for it. */
function payerFor({ way, tenant }: Parcel, random: Random): Agent {
  if (way === 'vacant' || way === 'by-itself' || random.below(4) > 0) return tenant;
  return { key: random.uuid(), name: NAMES[random.below(NAMES.length)] ?? '' };
}
