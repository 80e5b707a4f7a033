/** Steps that tests of pairing, rotation and rebinding share: codes, registrations, polls. */
import type { Response } from 'supertest';
import type { Box } from '../../../src/domain/box';
import { pairBox } from '../../../src/flows/boxes/pair-box';
import { systemMint } from '../../../src/http/inworld/mint';
import { noHints } from '../../support/no-hints';
import type { DoorWorld } from './door-world';
import { BOX_ID, NOW_UNIX } from './sample-estate';
import { REGISTER, STANDING, type CallOptions } from './signed-call';

export const REGISTER_BODY = {
  v: 1,
  shard: 'Production',
  region: 'Dream Bay',
  rezzed: NOW_UNIX - 100,
};

/** A box that no object has been paired with. */
export const NEW_BOX: Partial<Box> = {
  state: 'unpaired',
  objectKey: null,
  ownerKey: null,
  secrets: [],
};

const silent = (): void => undefined;

/** What the flows behind the admin API need. */
export function adminDeps({ boxes, rentals, clock }: DoorWorld) {
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  return { boxes, rentals, clock, mint: systemMint, log, hints: noHints };
}

export async function givenCode(world: DoorWorld, secrets: 'keep' | 'end'): Promise<string> {
  const given = await pairBox(adminDeps(world), { boxId: BOX_ID, secrets });
  if (given.kind !== 'changed') throw new Error(given.kind);
  return given.pairingCode;
}

/** At the present of the world's clock, as all calls of these tests. */
export function register(
  world: DoorWorld,
  code: string,
  options: CallOptions = {},
): Promise<Response> {
  const key = `pair_${code.slice(0, 4)}`;
  const call = { path: REGISTER, key, secret: code, body: REGISTER_BODY, time: timeOf(world) };
  return world.call({ ...call, ...options });
}

export function poll(world: DoorWorld, options: CallOptions = {}): Promise<Response> {
  return world.call({ path: STANDING, time: timeOf(world), ...options });
}

export const secretOf = (answer: Response): string => (answer.body as { secret: string }).secret;
export const nextOf = (answer: Response): string | undefined =>
  (answer.body as { next?: string }).next;

const timeOf = ({ clock }: DoorWorld): string => String(Math.floor(clock.now() / 1_000));
