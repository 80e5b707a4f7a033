/**
 * Two objects with one pairing code: whoever is written first has the box, whatever both were
 * told before.
 */
import { plusMs } from '../../src/domain/time';
import type { BoxCaller, VerifiedCall } from '../../src/flows/inworld/box-caller';
import { pairBox } from '../../src/flows/boxes/pair-box';
import { authenticatePairing, registerBox } from '../../src/flows/inworld/register-box';
import { systemMint } from '../../src/http/inworld/mint';
import { createNonceMemory } from '../../src/http/inworld/nonce-memory';
import { createFakeBoxStore } from '../support/fakes/box-store';
import { createFakeNonceStore } from '../support/fakes/nonce-store';
import { createManualClock } from '../support/manual-clock';
import { BOX_ID, NOW, NOW_UNIX, OBJECT, OTHER_OBJECT, OWNER } from '../http/inworld/sample-estate';
import { sampleBox } from '../http/inworld/sample-estate';

const silent = (): void => undefined;

async function deps() {
  const boxes = createFakeBoxStore(() => 'Dream Bay');
  await boxes.save([
    sampleBox({ state: 'unpaired', objectKey: null, ownerKey: null, secrets: [] }),
  ]);
  return {
    ...{ boxes, clock: createManualClock(NOW), mint: systemMint },
    nonces: { ...createNonceMemory(), ...createFakeNonceStore() },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    wake: { seen: silent },
    budget: { spend: async () => null },
    settings: { gridShard: 'Production' },
  };
}
type Deps = Awaited<ReturnType<typeof deps>>;

async function code(world: Deps): Promise<string> {
  const given = await pairBox(world, { boxId: BOX_ID, secrets: 'keep' });
  if (given.kind !== 'changed') throw new Error(given.kind);
  return given.pairingCode;
}

async function verified(
  world: Deps,
  pairingCode: string,
  objectKey: typeof OBJECT,
): Promise<VerifiedCall> {
  const caller: BoxCaller = {
    key: `pair_${pairingCode.slice(0, 4)}`,
    ...{ objectKey, ownerKey: OWNER, shard: 'Production', sentAtUnix: NOW_UNIX },
    nonce: systemMint.uuid(),
    isSignedWith: (secrets) => secrets.includes(pairingCode),
  };
  const outcome = await authenticatePairing(world, caller);
  if (outcome.kind !== 'verified') throw new Error(outcome.kind);
  return outcome;
}

const body = { shard: 'Production', region: 'Dream Bay', rezzedAt: NOW };

describe('two calls with one pairing code, both let in before either was written', () => {
  it('give the box to the first object, and nothing to the other', async () => {
    const world = await deps();
    const pairingCode = await code(world);
    const first = await verified(world, pairingCode, OBJECT);
    const second = await verified(world, pairingCode, OTHER_OBJECT);
    expect(await registerBox(world, { call: first, ...body })).toMatchObject({ kind: 'paired' });
    expect(await registerBox(world, { call: second, ...body })).toEqual({ kind: 'signature' });
    expect((await world.boxes.one(BOX_ID))?.objectKey).toBe(OBJECT);
  });

  it('of one object give it one secret', async () => {
    const world = await deps();
    const pairingCode = await code(world);
    const calls = [
      await verified(world, pairingCode, OBJECT),
      await verified(world, pairingCode, OBJECT),
    ];
    const outcomes = await Promise.all(calls.map((call) => registerBox(world, { call, ...body })));
    expect(outcomes[0]).toMatchObject({ kind: 'paired' });
    expect(outcomes[1]).toEqual(outcomes[0]);
  });

  it('that are one call, repeated to another process, give the secret once', async () => {
    const world = await deps();
    const call = await verified(world, await code(world), OBJECT);
    expect(await registerBox(world, { call, ...body })).toMatchObject({ kind: 'paired' });
    expect(await registerBox(world, { call, ...body })).toEqual({ kind: 'nonce' });
  });

  it('cannot name a rez that has yet to come', async () => {
    const world = await deps();
    const call = await verified(world, await code(world), OBJECT);
    await registerBox(world, { call, ...body, rezzedAt: plusMs(NOW, 86_400_000) });
    expect((await world.boxes.one(BOX_ID))?.rezzedAt).toBe(NOW);
  });

  it('give nothing when another code has been given meanwhile', async () => {
    const world = await deps();
    const call = await verified(world, await code(world), OBJECT);
    await code(world);
    expect(await registerBox(world, { call, ...body })).toEqual({ kind: 'signature' });
  });
});
