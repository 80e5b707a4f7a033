/** The scripts as they are pasted: the compiler's word about them, and what they sign with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { clearScratch } from '../support/scratch';
import { builtScript, type Kind } from './built-scripts';
import { endGrids, startGrid } from './grid-process';
import { createInWorld, type InWorld } from './in-world';

const KINDS: readonly Kind[] = ['tierbox', 'relay'];
/** A script that is pasted into an object may be no longer. */
const MOST_BYTES = 60_000;

const Vectors = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      secret: z.string(),
      path: z.string(),
      time: z.string(),
      nonce: z.string(),
      key: z.string(),
      objectKey: z.string(),
      ownerKey: z.string(),
      body: z.string(),
      signature: z.string(),
    }),
  ),
});
const VECTORS = Vectors.parse(
  JSON.parse(readFileSync(join(__dirname, '..', 'vectors', 'box-signature.json'), 'utf8')),
).cases;

let world: InWorld;

beforeAll(async () => {
  world = createInWorld(await startGrid({ seed: 2, shard: 'Production' }));
}, 300_000);
afterAll(async () => {
  await endGrids();
  clearScratch();
});

describe.each(KINDS)('the %s', (kind) => {
  it('compiles without an error or a warning', async () => {
    expect(await world.compile(builtScript(kind))).toEqual([]);
  });

  it('is short enough to be pasted', () => {
    expect(Buffer.byteLength(builtScript(kind))).toBeLessThanOrEqual(MOST_BYTES);
  });

  it.each(VECTORS)('signs as the worked example does: $name', async (vector) => {
    const { path, time, nonce, key, secret, body, objectKey, ownerKey } = vector;
    const script = { name: kind, source: builtScript(kind) };
    const box = await world.rez(ownerKey, 'Dream Bay', [
      { name: 'Box', key: objectKey, scripts: [script] },
    ]);
    const signed = await box.call('callSignature', path, time, nonce, key, secret, body);
    expect(signed).toBe(vector.signature);
  });
});

describe('the compiler', () => {
  it('has a word for what is written carelessly', async () => {
    const careless = 'default { state_entry() { integer x; if (x = 1) { llOwnerSay("x"); } } }';
    expect(await world.compile(careless)).toEqual([expect.stringMatching(/^WARN.*E20002/)]);
  });
});
