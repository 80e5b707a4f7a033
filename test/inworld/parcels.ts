/** Rentals of an estate and their boxes in-world: let, rezzed, and paired by touch and text box. */
import { z } from 'zod';
import type { AdminClient } from '../../scripts/rehearsal/admin-client';
import { builtScript, type Kind } from './built-scripts';
import type { InWorld, Thing } from './in-world';
import { SERVICE_ADDRESS, type ServiceInWorld } from './service-in-world';

export const OWNER = { key: '11111111-2222-3333-4444-555555555555', name: 'Estate Owner' };

export interface Parcel {
  readonly rentalId: string;
  readonly boxId: string;
  readonly region: string;
  readonly box: Thing;
}

const PAIRS_WITHIN_S = 30;

/** One rental that its box verifies, and its box, paired. */
export async function letParcel(
  service: ServiceInWorld,
  plan: {
    readonly region?: string;
    readonly kind?: Kind;
    /** L$ a week. */
    readonly price?: number;
    readonly minimum?: number;
    /** The source of a script of somebody else in the same prim. */
    readonly beside?: string;
    /** The rental of a provider's unit instead. */
    readonly rentalId?: string;
  } = {},
): Promise<Parcel> {
  const { world, admin } = service;
  const { region = 'Dream Bay', kind = 'tierbox' } = plan;
  const rentalId = plan.rentalId ?? (await letByItself(admin, { ...plan, region }));
  const { id: boxId, pairingCode } = await admin.createBox(rentalId);
  const box = await rezBox(world, kind, region, plan.beside);
  await pairByTouch(world, box, pairingCode);
  return { rentalId, boxId, region, box };
}

async function letByItself(
  admin: AdminClient,
  plan: { readonly region: string; readonly price?: number; readonly minimum?: number },
): Promise<string> {
  const { region, price = 250, minimum } = plan;
  const rental = await admin.createRental({
    ...{ name: 'A house', region, parcel: 'By the sea', unitId: null, verifiedBy: 'box' },
    ...{ price: { amount: price, term: 'week' }, reason: 'The estate lets this one by itself.' },
    ...(minimum === undefined ? {} : { minimum }),
  });
  return rental.id;
}

/** @param beside the source of another script in the same prim. */
export async function rezBox(
  world: InWorld,
  kind: Kind,
  region: string,
  beside?: string,
): Promise<Thing> {
  const others = beside === undefined ? [] : [{ name: 'beside', source: beside }];
  const scripts = [{ name: kind, source: builtScript(kind) }, ...others];
  const box = await world.rez(OWNER.key, region, [{ name: 'Rent box', scripts }]);
  await world.run(1);
  return box;
}

/** As the owner does it: touch, «Pair», and what the text box asks for. */
export async function pairByTouch(world: InWorld, box: Thing, code: string): Promise<void> {
  const since = await world.mark();
  await press(world, box, 'Pair');
  const asked = (await world.told(since)).find(({ kind }) => kind === 'text-box');
  if (asked === undefined) throw new Error('The box has asked for no pairing code.');
  await world.say({ ...OWNER, channel: asked.channel, text: ` ${SERVICE_ADDRESS} ${code}\n` });
  await world.run(PAIRS_WITHIN_S);
}

/** Touches the box and presses a button of the dialog that it then shows. */
export async function press(
  world: InWorld,
  box: Thing,
  button: string,
  who: { readonly key: string; readonly name: string } = OWNER,
): Promise<void> {
  const since = await world.mark();
  await box.touch(who.key);
  await world.run(1);
  const dialog = (await world.told(since)).find(({ kind }) => kind === 'dialog');
  if (!dialog?.buttons.includes(button)) {
    throw new Error(`No dialog offers ${button}: ${JSON.stringify(dialog ?? null)}`);
  }
  await world.say({ ...who, channel: dialog.channel, text: button });
  await world.run(1);
}

/** Payments that wait in a box, the oldest first. */
export async function outboxOf(box: Thing): Promise<readonly Waiting[]> {
  return lettersOf(box, /^tb\.o\./);
}

/** What the service has refused for good. */
export async function deadLettersOf(box: Thing): Promise<readonly Waiting[]> {
  return lettersOf(box, /^tb\.d\./);
}

const Waiting = z.looseObject({ type: z.string(), at: z.int() });
type Waiting = z.output<typeof Waiting>;

async function lettersOf(box: Thing, names: RegExp): Promise<readonly Waiting[]> {
  const { pairs } = await box.see();
  return Object.keys(pairs)
    .filter((name) => names.test(name))
    .sort()
    .map((name) => Waiting.parse(JSON.parse((pairs[name] ?? '').replace(/^[^{]*/, ''))));
}
