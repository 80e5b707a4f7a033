/** Which boxes are told that there is news: those that listen. */
import type { Box } from '../../src/domain/box';
import { parseBoxId } from '../../src/domain/ids';
import { hintBoxes } from '../../src/flows/inworld/hint-boxes';
import { sampleBox } from '../http/inworld/sample-estate';
import { createFakeBoxStore } from '../support/fakes/box-store';
import { createFakeRentalStore } from '../support/fakes/rental-store';
import { rentalOf } from '../support/estate';

const URL = 'https://simhost.example/cap/1';

async function hinted(box: Partial<Box>): Promise<string[]> {
  const boxes = createFakeBoxStore(() => null);
  const rentals = createFakeRentalStore();
  const boxId = parseBoxId('box_1');
  await rentals.save([{ ...rentalOf(1), boxId }, rentalOf(2)]);
  await boxes.save([sampleBox({ id: boxId, url: URL, ...box })]);
  const told: string[] = [];
  const hintSender = { send: async ({ id }: Box) => void told.push(id) };
  await hintBoxes({ rentals, boxes, hintSender }, [rentalOf(1).id, rentalOf(2).id]);
  return told;
}

it('hints the box of each rental that has one', async () => {
  expect(await hinted({})).toEqual(['box_1']);
});

it('leaves alone a box that gave no address, or is not paired', async () => {
  expect(await hinted({ url: null })).toEqual([]);
  expect(await hinted({ state: 'retired' })).toEqual([]);
  expect(await hinted({ state: 'unpaired' })).toEqual([]);
});
