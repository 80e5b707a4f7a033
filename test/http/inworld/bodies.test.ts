/**
 * Bodies of rightly signed calls that are not what they ought to be: malformed, and nothing is
 * kept.
 */
import { createDoorWorld, type DoorWorld } from './door-world';
import { expectNothingKept, expectOutcome } from './expectations';
import { NOW_UNIX } from './sample-estate';
import { HELLO, PAYMENT, RETURNED, SNAPSHOT } from './sample-events';
import { EVENTS } from './signed-call';

let world: DoorWorld;
beforeEach(async () => {
  world = await createDoorWorld();
});
afterEach(() => world.close());

const text = JSON.stringify(PAYMENT);
const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(...part))),
  );
const named = (...name: (string | number[])[]): Buffer => {
  const [before = '', after = ''] = text.split('Zoë Resident');
  return bytes(before, ...name, after);
};
const with1 = (field: string): string => text.replace('{', `{${field},`);

async function expectMalformed(body: unknown): Promise<void> {
  expectOutcome(await world.call({ path: EVENTS, body }), [400, 'malformed', 0]);
  expectNothingKept(world);
  expect((await world.box()).rev).toBe(1);
}

describe('a body', () => {
  it.each<[what: string, body: unknown]>([
    ['nothing', ''],
    ['spaces', '  '],
    ['no JSON', 'payment'],
    ['half of it', text.slice(0, 50)],
    ['more behind it', `${text}}`],
    ['two of them', `${text}${text}`],
    ['a list', `[${text}]`],
    ['a text', JSON.stringify(text)],
    ['a number', '1'],
    ['null', 'null'],
    ['JSON with comments', text.replace('{', '{/* */')],
    ['a comma too many', text.replace('}', ',}')],
    ['single quotes', text.replaceAll('"', "'")],
    ['NaN', text.replace('250', 'NaN')],
    ['a form', 'type=payment&amount=250'],
    ['a byte order mark', bytes([0xef, 0xbb, 0xbf], text)],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ['bytes that are no UTF-8', named([0xff])],
    ['a character cut in half', named([0xc3])],
    ['an overlong character', named([0xc0, 0x80])],
    ['half of a surrogate pair as bytes', named([0xed, 0xa0, 0x80])],
    ['a zero byte', named([0])],
    ['a line break in a text', named('a\nb')],
    ['an escaped zero', named('a\\u0000b')],
    ['an escaped high surrogate', named('\\ud800')],
    ['an escaped low surrogate in capitals', named('\\uDFFF')],
    ['a pair of surrogates the wrong way round', named('\\udc00\\ud800')],
    ['an escaped zero in a field that we do not know', with1('"x":"\\u0000"')],
    ['an escaped zero deep inside', with1('"x":[{"y":["\\u0000"]}]')],
    ['an escaped zero in a name of a field', with1('"\\u0000":1')],
    ['a surrogate in a value that is named again', with1('"name":"\\ud800"')],
    ['a field named twice', with1('"amount":1')],
    ['a field named twice, once in disguise', with1('"\\u0061mount":1')],
    ['an unknown field named twice', with1('"x":1,"x":1')],
    ['a field named twice inside another', with1('"x":{"y":1,"y":1}')],
    ['lists in lists in lists', '['.repeat(4_000) + ']'.repeat(4_000)],
    ['lists without end', '['.repeat(8_000)],
    ['objects in objects', '{"a":'.repeat(1_300) + '1' + '}'.repeat(1_300)],
    ['a payment around deep lists', with1(`"x":${'['.repeat(2_000)}${']'.repeat(2_000)}`)],
    ['a type that we do not know', { ...PAYMENT, type: 'gift' }],
    ['a type of another case', { ...PAYMENT, type: 'Payment' }],
    ['a type that every object has', { ...PAYMENT, type: 'toString' }],
    ['no type', { ...PAYMENT, type: undefined }],
    ['fields inherited from elsewhere', `{"__proto__":${text}}`],
  ])('is malformed that holds %s', async (_what, body) => {
    await expectMalformed(body);
  });

  it.each([
    ['a surrogate pair, escaped', named('\\ud83c\\udfdd')],
    ['a backslash before what looks like an escape', named('\\\\u0000 \\\\ud800')],
    ['quotes and brackets in a text', named('\\"{[}]')],
    ['fields that we do not know', with1('"x":{"y":[1,2,{"z":null}]},"__proto__":1,"toString":2')],
    ['white space', text.replaceAll(',', ' ,\r\n\t ').replaceAll(':', ' : ')],
    ['the same value twice', with1('"x":"amount","y":"amount","z":["a","a"],"w":{"amount":1}')],
    ['another order', { ...Object.fromEntries(Object.entries(PAYMENT).reverse()) }],
  ])('may hold %s', async (_what, body) => {
    expectOutcome(await world.call({ path: EVENTS, body }), [200, 'stored', 0]);
  });
});

describe.each<[event: { readonly type: string }, optional: readonly string[]]>([
  [PAYMENT, ['v', 'ref']],
  [RETURNED, ['v']],
  [SNAPSHOT, ['v', 'locked', 'reserved', 'price', 'prims', 'over', 'rezzed', 'tenants']],
  [HELLO, ['v', 'url']],
])('the fields of %j', (event, optional) => {
  const needed = Object.keys(event).filter((name) => !optional.includes(name));

  it('are all there, but for those that may be missing', async () => {
    for (const name of needed) await expectMalformed({ ...event, [name]: undefined });
    for (const name of optional) {
      const { status } = await world.call({ path: EVENTS, body: { ...event, [name]: undefined } });
      expect(status).toBe(200);
    }
  });

  it('are never null, a list, an object or a truth value', async () => {
    for (const name of Object.keys(event)) {
      for (const value of [null, [], {}, true]) await expectMalformed({ ...event, [name]: value });
    }
  });
});

describe('a field', () => {
  it.each<[field: string, event: object, ...values: unknown[]]>([
    ['id', PAYMENT, '', 'x', 7, PAYMENT.id.slice(1), `${PAYMENT.id}0`, `{${PAYMENT.id}}`],
    ['payer', PAYMENT, '', 'Zoë', PAYMENT.payer.replaceAll('-', '')],
    ['name', PAYMENT, 7],
    ['amount', PAYMENT, '250', '', 'all'],
    ['at', PAYMENT, '1', 0.5, -1, 1e300],
    ['ref', PAYMENT, '', 'x'.repeat(65), 'tx 1', 'tx-ü', 7],
    ['v', PAYMENT, 0, '1', 1.5],
    ['id', RETURNED, 'x'],
    ['at', RETURNED, NOW_UNIX + 0.5],
    ['amount', RETURNED, '250'],
    ['left', SNAPSHOT, '60', 0.5],
    ['renter', SNAPSHOT, '', 'nobody'],
    ['locked', SNAPSHOT, 2, -1, '1'],
    ['over', SNAPSHOT, 2, '0'],
    ['price', SNAPSHOT, '196', 0.5],
    ['tenants', SNAPSHOT, 'nobody', `${PAYMENT.payer};${PAYMENT.payer}`, 7],
    ['outbox', HELLO, -1, 0.5, '0'],
    ['url', HELLO, '', 'nowhere', 'ftp://x.example/', `http://x.example/${'x'.repeat(1_100)}`],
  ])('"%s" of the wrong form is malformed', async (field, event, ...values) => {
    for (const value of values) await expectMalformed({ ...event, [field]: value });
  });
});
