/** A provider's box in-world with the relay in it: its own script is played by the test. */
import { z } from 'zod';
import type { AdminClient } from '../../scripts/rehearsal/admin-client';
import type { Instant } from '../../src/domain/time';
import type { BoxesSuite } from './boxes-suite';
import { builtScript } from './built-scripts';
import type { Thing } from './in-world';
import { OWNER, pairByTouch } from './parcels';
import type { ServiceInWorld } from './service-in-world';

export const TENANT = { key: 'a2e76fcd-9360-4f6d-a924-000000000003', name: 'Zoë' };
export const PROVIDER_CHANNEL = 77_777;

export interface ProviderBox {
  readonly box: Thing;
  readonly boxId: string;
  readonly unitId: string;
  readonly rentalId: string;
  /** The prim beside the root, which can speak in the relay's hearing. */
  readonly childKey: string;
}

/** Providers' boxes in this suite's world, and what may be asked of them. */
export function relaysIn(suite: BoxesSuite) {
  let units = 0;
  return {
    /** A provider's box, which is taken away after the test. */
    async relayed(): Promise<ProviderBox> {
      const made = await rezProviderBox(suite.service, `unit-${(units += 1)}`);
      suite.after(made.box);
      return made;
    },
    sent: (made: ProviderBox, type: Sent['type'], since: number) =>
      sentBy(suite.service, made, { type, since }),
    leftS: (made: ProviderBox): Promise<number> => leftOf(suite.service, made),
  };
}

interface Sent {
  readonly type: 'payment' | 'snapshot';
  readonly since: number;
}

const WEEK_MS = 604_800_000;
/** Takes payments and says nothing, as the provider's own script may. */
const SILENT = 'default { money(key payer, integer amount) { return; } }';

/** A provider's unit that is let for four weeks, taken over as a rental; null tenant: nobody's. */
export async function letUnit(
  { sim, admin, world }: Pick<ServiceInWorld, 'sim' | 'admin' | 'world'>,
  unitId: string,
): Promise<string> {
  const nowMs = (await world.ledger()).now * 1_000;
  const rentedUntil = Math.floor(nowMs + 4 * WEEK_MS) as Instant;
  sim.control.addUnit({
    ...{ id: unitId, tenant: TENANT, price: 250, term: 'week', region: 'Dream Bay' },
    rentedUntil,
  });
  await admin.importUnits();
  return rentalOf(admin, unitId);
}

async function rentalOf(admin: AdminClient, unitId: string): Promise<string> {
  const rental = (await admin.rentals()).find((one) => one.unitId === unitId);
  if (rental === undefined) throw new Error(`${unitId} is no rental.`);
  return rental.id;
}

/** Its relay is paired. */
async function rezProviderBox(service: ServiceInWorld, unitId: string): Promise<ProviderBox> {
  const { world, admin } = service;
  const rentalId = await letUnit(service, unitId);
  const { id: boxId, pairingCode } = await admin.createBox(rentalId);
  const relay = { name: 'relay', source: builtScript('relay') };
  const box = await world.rez(OWNER.key, 'Dream Bay', [
    { name: 'Rental box', scripts: [{ name: 'provider', source: SILENT }, relay] },
    { name: 'Sign', scripts: [] },
  ]);
  await world.run(1);
  await pairByTouch(world, box, pairingCode);
  const childKey = (await box.see()).prims[1]?.key ?? '';
  return { box, boxId, unitId, rentalId, childKey };
}

const Body = z.looseObject({ type: z.string() });
type Body = z.output<typeof Body>;

const SENT_S = 30;

/** What its relay has sent of this type since `since`, each body once, in order. */
async function sentBy(
  { world }: Pick<ServiceInWorld, 'world'>,
  { box }: ProviderBox,
  what: Sent,
): Promise<Body[]> {
  await world.run(SENT_S);
  const calls = (await world.calls(what.since)).filter(
    ({ by, path }) => by === box.key() && path.endsWith('/events'),
  );
  const bodies = [...new Set(calls.map(({ body }) => body))];
  return bodies
    .map((body) => Body.parse(JSON.parse(body)))
    .filter(({ type }) => type === what.type);
}

/** The provider's word of its rental, locked, at L$ 250 a week, with 117 prims. */
export const rextr = (leftS: number, renter = TENANT.key): string =>
  `REXTR|${leftS}|${renter}|1||250|117|0|1767220000`;

/** The seconds that the unit has left, as its box would tell them. */
async function leftOf(
  { world, sim }: Pick<ServiceInWorld, 'world' | 'sim'>,
  { unitId }: ProviderBox,
): Promise<number> {
  const { now } = await world.ledger();
  return Math.floor((sim.control.rightfulUntil(unitId) ?? 0) / 1_000 - now);
}
