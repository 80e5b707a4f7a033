/**
 * The grid keeps the limits that scripts meet in-world: each is shown with a script of a few
 * lines.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clearScratch } from '../support/scratch';
import { endGrids, startGrid } from './grid-process';
import { createInWorld, type InWorld, type Thing } from './in-world';
import { openSky } from './weather';

const OWNER = '11111111-2222-3333-4444-555555555555';
const PAYER = { payer: 'a2e76fcd-9360-4f6d-a924-000000000003', name: 'Zoë' };

let world: InWorld;

beforeAll(async () => {
  world = createInWorld(await startGrid({ seed: 1, shard: 'Testing' }));
}, 300_000);
afterAll(async () => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
  await endGrids();
  clearScratch();
});

const rez = (source: string): Promise<Thing> =>
  world.rez(OWNER, 'Dream Bay', [{ name: 'Box', scripts: [{ name: 'script', source }] }]);

/** What the script of `thing` has told its owner. */
async function toldBy(thing: Thing): Promise<string[]> {
  const told = await world.told();
  return told
    .filter(({ kind, by }) => kind === 'told' && by === thing.key())
    .map((one) => one.text);
}

const servers: Server[] = [];

/** A server that does this with every call; its address. */
async function serve(answer: (res: ServerResponse) => unknown): Promise<string> {
  const server = createServer((_, res) => void answer(res));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const CALLER = (calls: number, url: string, rest = ''): string => `
  integer refused;
  ${rest}
  call() { if (llHTTPRequest("${url}", [HTTP_METHOD, "POST"], "") == NULL_KEY) ++refused; }
  default {
    state_entry() { integer i; for (; i < ${calls}; ++i) call(); llOwnerSay((string)refused); }
    http_response(key id, integer status, list data, string body) {
      llOwnerSay((string)status + " " + (string)llStringLength(body) + " " + body);
    }
    timer() { refused = 0; call(); llOwnerSay("later " + (string)refused); }
  }`;

describe('the throttle on calls', () => {
  it('lets an object call 25 times in 20 s, then refuses it for 120 s, and says so', async () => {
    const before = (await world.ledger()).broken.length;
    const box = await rez(
      CALLER(26, 'http://127.0.0.1:1/').replace('integer i;', 'llSetTimerEvent(130); integer i;'),
    );
    await world.run(125);
    expect(await toldBy(box)).toContain('1');
    await world.run(8);
    expect(await toldBy(box)).toContain('later 0');
    const { broken } = await world.ledger();
    expect(broken.slice(before).map(({ limit }) => limit)).toEqual(['more than 25 calls in 20 s']);
  });

  it('stops the calls of a script that was answered five 5xx in 60 s', async () => {
    const sky = await openSky(() => '');
    sky.turn('no-service');
    const box = await rez(
      CALLER(5, sky.url).replace('integer i;', 'llSetTimerEvent(10); integer i;'),
    );
    await world.run(15);
    expect((await toldBy(box)).at(-1)).toMatch(/^420 /);
    await sky.close();
  });
});

describe('an answer', () => {
  it('arrives as 499 after 60 s where it never comes', async () => {
    const url = await serve(() => undefined);
    const box = await rez(CALLER(1, url));
    await world.settings({ patienceS: 0.1 });
    await world.run(59);
    expect(await toldBy(box)).toEqual(['0']);
    await world.run(2);
    expect(await toldBy(box)).toEqual(['0', expect.stringMatching(/^499 /)]);
    await world.settings({ patienceS: 2 });
  });

  it.each([
    ['text/plain', 5_000, /^200 2048 /],
    ['application/octet-stream', 5, /^415 /],
  ])('of %s with %d bytes is what a script is given', async (kind, bytes, expected) => {
    const url = await serve((res) =>
      res.writeHead(200, { 'content-type': kind }).end('x'.repeat(bytes)),
    );
    const box = await rez(CALLER(1, url));
    await world.run(1);
    expect((await toldBy(box)).at(-1)).toMatch(expected);
  });
});

describe('a call', () => {
  it('with nine headers of its own is a script error', async () => {
    const headers = Array.from({ length: 9 }, (_, n) => `HTTP_CUSTOM_HEADER, "X-${n}", "1"`);
    await rez(`default { state_entry() {
      llHTTPRequest("http://127.0.0.1:1/", [${headers.join(', ')}], "");
    } }`);
    await world.run(1);
    expect((await world.ledger()).faults.at(-1)).toMatch(/headers/);
  });
});

describe('the event queue', () => {
  it('holds 64 events and loses the next', async () => {
    const box = await rez('default { money(key who, integer amount) { llOwnerSay("paid"); } }');
    for (let n = 0; n < 66; n += 1) await box.pay({ ...PAYER, amount: 1 });
    const { lost } = await box.see();
    expect(lost.length).toBeGreaterThan(0);
    await world.run(1);
    expect((await toldBy(box)).length + lost.length).toBe(66);
  });
});

describe('linkset data', () => {
  it('holds 131,072 bytes, 32 of them for each protection', async () => {
    const box = await rez(`default { state_entry() {
      string kilo = "x"; while (llStringLength(kilo) < 1024) kilo += kilo;
      integer n;
      while (llLinksetDataWriteProtected((string)n, kilo, "pass") == 0) ++n;
      llOwnerSay((string)n + " " + (string)llLinksetDataWrite("y", kilo));
      string known = llLinksetDataReadProtected("1", "pass");
      llOwnerSay(llLinksetDataRead("1") + (string)llStringLength(known));
    } }`);
    await world.run(1);
    // 124 x (1,024 + 32) and their names are 131,134 bytes: one too many.
    expect(await toldBy(box)).toEqual(['123 1', '1024']);
  });

  it('survives reset, take, rez and copy, each rez under a new key', async () => {
    const box = await rez(`default {
      touch_start(integer n) { llLinksetDataWrite("kept", "yes"); llResetScript(); }
      on_rez(integer n) { llOwnerSay(llLinksetDataRead("kept")); }
    }`);
    await world.run(1);
    await box.touch(OWNER);
    await world.run(1);
    const first = box.key();
    const twin = await box.copy('Dream Bay');
    await box.take();
    await box.rez('Dream Bay');
    await world.run(1);
    expect(new Set([first, box.key(), twin.key()]).size).toBe(3);
    expect(await toldBy(box)).toEqual(['yes']);
    expect(await toldBy(twin)).toEqual(['yes']);
  });
});

describe('a pay window', () => {
  it('offers only the buttons that the script has set', async () => {
    const box = await rez(`default {
      state_entry() { llSetPayPrice(PAY_HIDE, [250, PAY_HIDE, PAY_HIDE, PAY_HIDE]); }
      money(key who, integer amount) { llOwnerSay(llKey2Name(who) + (string)amount); }
    }`);
    await world.run(1);
    expect(await box.pay({ ...PAYER, amount: 10 })).toMatchObject({ paid: false });
    expect(await box.pay({ ...PAYER, amount: 250 })).toMatchObject({ paid: true });
    expect(await box.pay({ ...PAYER, amount: 10, anyway: true })).toMatchObject({ paid: true });
    await world.run(1);
    expect(await toldBy(box)).toEqual(['Zoë250', 'Zoë10']);
  });

  it('of a child prim that takes money draws payments away from the root', async () => {
    const source = 'default { money(key who, integer amount) { llOwnerSay("mine"); } }';
    const box = await world.rez(OWNER, 'Dream Bay', [
      { name: 'Root', scripts: [{ name: 'root', source }] },
      { name: 'Child', scripts: [{ name: 'child', source }] },
    ]);
    await box.pay({ ...PAYER, amount: 5, prim: 1 });
    await world.run(1);
    const { prims } = await box.see();
    expect(await toldBy(box)).toEqual([]);
    expect((await world.told()).at(-1)?.by).toBe(prims[1]?.key);
  });
});

describe('a region restart', () => {
  it('tells the scripts, and loses the answers of calls that are on their way', async () => {
    const sky = await openSky(() => 'http://127.0.0.1:1');
    sky.turn('no-service');
    const box = await rez(
      CALLER(1, sky.url).replace(
        'timer()',
        'changed(integer c) { llOwnerSay("c " + (string)c); } timer()',
      ),
    );
    await world.settings({ patienceS: 0 });
    await world.run(0);
    await world.restart('Dream Bay');
    await world.settings({ patienceS: 2 });
    await world.run(1);
    expect(await toldBy(box)).toEqual(['0', 'c 1024']);
    await sky.close();
  });
});

describe('giving money', () => {
  it('needs the permission of the owner, which a reset ends', async () => {
    const box = await rez(`default {
      state_entry() { llRequestPermissions(llGetOwner(), PERMISSION_DEBIT); }
      run_time_permissions(integer given) { llGiveMoney("${PAYER.payer}", 7); }
      touch_start(integer n) { llGiveMoney("${PAYER.payer}", 9); }
    }`);
    await world.run(1);
    await box.answers('yes');
    await world.run(1);
    await box.reset();
    await box.touch(OWNER);
    await world.run(1);
    const { received, faults } = await world.ledger();
    expect(received[PAYER.payer]).toEqual([
      expect.objectContaining({ from: box.key(), amount: 7 }),
    ]);
    expect(faults.at(-1)).toMatch(/L\$ 9 .* without the permission/);
  });
});
