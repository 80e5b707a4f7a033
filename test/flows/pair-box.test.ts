/**
 * How boxes are made for rentals, paired and retired from the admin side, whoever else is
 * writing.
 */
import { parseBoxId, parseRentalId } from '../../src/domain/ids';
import { changeBox } from '../../src/flows/boxes/change-box';
import type { Log } from '../../src/flows/ports/log-port';
import { createBox, pairBox } from '../../src/flows/boxes/pair-box';
import { retireBox } from '../../src/flows/boxes/retire-box';
import { systemMint } from '../../src/http/inworld/mint';
import { createFakeBoxStore } from '../support/fakes/box-store';
import { createFakeRentalStore } from '../support/fakes/rental-store';
import { createManualClock } from '../support/manual-clock';
import { BOX_ID, NOW, RENTAL_ID, sampleBox, sampleRental } from '../http/inworld/sample-estate';

const OTHER_BOX = parseBoxId('box_43');

async function estate(boxId: typeof BOX_ID | null = BOX_ID) {
  const silent = (): void => undefined;
  const log: Log = { debug: silent, info: silent, warn: silent, error: silent };
  const rentals = createFakeRentalStore();
  await rentals.save([sampleRental({ boxId, rev: 0 })]);
  const boxes = createFakeBoxStore(() => 'Dream Bay');
  if (boxId !== null) await boxes.save([sampleBox()]);
  return { boxes, rentals, clock: createManualClock(NOW), mint: systemMint, log };
}

describe('a box that is made', () => {
  it('belongs to its rental and waits for an object with its code', async () => {
    const deps = await estate(null);
    const made = await createBox(deps, { boxId: BOX_ID, rentalId: RENTAL_ID });
    if (made.kind !== 'changed') throw new Error(made.kind);
    expect(made.before).toBeNull();
    expect(made.expiresAt).toBe(NOW + 30 * 60_000);
    const box = await deps.boxes.one(BOX_ID);
    expect(box).toMatchObject({ state: 'unpaired', rentalId: RENTAL_ID, secrets: [] });
    expect(box?.pairing).toMatchObject({
      key: `pair_${made.pairingCode.slice(0, 4)}`,
      code: made.pairingCode,
      usedBy: null,
    });
    expect((await deps.rentals.one(RENTAL_ID))?.boxId).toBe(BOX_ID);
  });

  it('is found again when the request is resumed after a crash', async () => {
    const deps = await estate(null);
    const input = { boxId: BOX_ID, rentalId: RENTAL_ID };
    const crashing = {
      ...deps,
      rentals: { ...deps.rentals, save: () => Promise.reject(new Error('killed')) },
    };
    await expect(createBox(crashing, input)).rejects.toThrow('killed');
    expect(await createBox(deps, input)).toMatchObject({ kind: 'changed' });
    expect((await deps.rentals.one(RENTAL_ID))?.boxId).toBe(BOX_ID);
  });

  it('is refused where the rental has one in use, and may follow a retired one', async () => {
    const deps = await estate();
    const input = { boxId: OTHER_BOX, rentalId: RENTAL_ID };
    expect(await createBox(deps, input)).toMatchObject({ kind: 'conflict' });
    expect(await deps.boxes.one(OTHER_BOX)).toBeNull();
    await retireBox(deps, BOX_ID);
    expect(await createBox(deps, input)).toMatchObject({ kind: 'changed' });
    expect((await deps.rentals.one(RENTAL_ID))?.boxId).toBe(OTHER_BOX);
  });

  it('is the only one of two that are made at the same moment', async () => {
    const deps = await estate(null);
    const both = await Promise.all(
      [BOX_ID, OTHER_BOX].map((boxId) => createBox(deps, { boxId, rentalId: RENTAL_ID })),
    );
    expect(both.map(({ kind }) => kind).sort()).toEqual(['changed', 'conflict']);
  });

  it('needs a rental', async () => {
    const input = { boxId: BOX_ID, rentalId: parseRentalId('r_9') };
    expect(await createBox(await estate(null), input)).toEqual({ kind: 'not-found' });
  });
});

describe('a box that is changed by two at once', () => {
  it('keeps both changes', async () => {
    const deps = await estate();
    await Promise.all([
      pairBox(deps, { boxId: BOX_ID, secrets: 'keep' }),
      changeBox(deps, BOX_ID, (box) => ({ ...box, version: '2' })),
    ]);
    expect(await deps.boxes.one(BOX_ID)).toMatchObject({ rev: 3, version: '2' });
    expect((await deps.boxes.one(BOX_ID))?.pairing).not.toBeNull();
  });

  it('is given up as an outage when it never succeeds', async () => {
    const deps = await estate();
    const boxes = { ...deps.boxes, save: async () => new Set<never>() };
    const change = changeBox({ boxes }, BOX_ID, (box) => ({ ...box, version: '2' }));
    await expect(change).rejects.toThrow('The box is being written to.');
  });

  it('is unknown where there is none', async () => {
    const deps = await estate(null);
    expect(await pairBox(deps, { boxId: BOX_ID, secrets: 'keep' })).toEqual({ kind: 'not-found' });
    expect(await retireBox(deps, BOX_ID)).toEqual({ kind: 'not-found' });
  });
});
