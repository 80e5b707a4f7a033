/** Which boxes are told that there is news: those that listen. */
import type { Box } from '../../src/domain/box';
import { parseBoxId } from '../../src/domain/ids';
import { hintBoxes } from '../../src/flows/inworld/hint-boxes';
import { sampleBox } from '../http/inworld/sample-estate';
import { createFakeBoxStore } from '../support/fakes/box-store';

const URL = 'https://simhost.example/cap/1';

async function hinted(box: Partial<Box>): Promise<string[]> {
  const boxes = createFakeBoxStore(() => null);
  const boxId = parseBoxId('box_1');
  await boxes.save([sampleBox({ id: boxId, url: URL, ...box })]);
  const told: string[] = [];
  const hintSender = { send: async ({ id }: Box) => void told.push(id) };
  await hintBoxes({ boxes, hintSender }, [boxId, parseBoxId('box_2')]);
  return told;
}

it('hints the boxes that are there', async () => {
  expect(await hinted({})).toEqual(['box_1']);
});

it('leaves alone a box that gave no address, or is not paired', async () => {
  expect(await hinted({ url: null })).toEqual([]);
  expect(await hinted({ state: 'retired' })).toEqual([]);
  expect(await hinted({ state: 'unpaired' })).toEqual([]);
});

it('has at most sixteen in flight', async () => {
  const boxes = createFakeBoxStore(() => null);
  const ids = Array.from({ length: 40 }, (_, n) => parseBoxId(`box_${n}`));
  await boxes.save(ids.map((id) => sampleBox({ id, url: URL })));
  const flight = { now: 0, most: 0, told: 0 };
  const hintSender = {
    async send() {
      flight.now += 1;
      flight.most = Math.max(flight.most, flight.now);
      await new Promise((resolve) => setImmediate(resolve));
      flight.now -= 1;
      flight.told += 1;
    },
  };
  await hintBoxes({ boxes, hintSender }, ids);
  expect(flight).toEqual({ now: 0, most: 16, told: 40 });
});
