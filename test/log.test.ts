/** What a log line looks like, and what it never holds. */
import { readFileSync } from 'node:fs';
import { createLog, type LogOptions } from '../src/log';
import { Secret } from '../src/secret';

interface Line {
  readonly [name: string]: unknown;
}

function logAt(level: LogOptions['level'], hidden: readonly string[] = []) {
  const written: string[] = [];
  const log = createLog({
    level,
    destination: { write: (line) => void written.push(line) },
    hidden: hidden.map((value) => new Secret(value)),
  });
  const lines = (): Line[] => written.map((line) => JSON.parse(line) as Line);
  return { log, lines, written };
}

/** The fields of one line, as written. */
function shown(fields: Record<string, unknown>, hidden: readonly string[] = []): Line {
  const { log, lines } = logAt('info', hidden);
  log.info('fact', fields);
  return lines()[0] ?? {};
}

/** An error that Node itself made. */
function readFault(): unknown {
  try {
    return readFileSync('there-is-no-such-file');
  } catch (error) {
    return error;
  }
}

describe('a log line', () => {
  it('is one JSON object with its level, its time and its fact', () => {
    const { log, lines, written } = logAt('info');
    log.warn('stream lost', { attempt: 3, seq: null });
    expect(written[0]).toMatch(/^\{[^\n]*\}\n$/);
    expect(lines()).toEqual([
      {
        level: 'warn',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
        pid: process.pid,
        hostname: expect.any(String) as string,
        fact: 'stream lost',
        attempt: 3,
        seq: null,
      },
    ]);
  });

  it('is left out below the level asked for', () => {
    const { log, lines } = logAt('warn');
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines().map(({ fact }) => fact)).toEqual(['c', 'd']);
  });

  it('says each name once, when a field is called like its own', () => {
    const { log, written } = logAt('info');
    log.info('heard', { time: 'T', level: 9, fact: 'other' });
    expect(written[0]?.match(/"time":/g)).toHaveLength(1);
    expect(JSON.parse(written[0] ?? '')).toMatchObject({ time_: 'T', level_: 9, fact: 'heard' });
  });

  it('tells of an error with its stack, its cause and its own fields', () => {
    const cause = Object.assign(new TypeError('socket closed'), { code: 'ECONNRESET' });
    const error = new Error('provider away', { cause });
    expect(shown({ error })['error']).toMatchObject({
      name: 'Error',
      message: 'provider away',
      stack: expect.stringContaining('log.test') as string,
      cause: { name: 'TypeError', message: 'socket closed', code: 'ECONNRESET' },
    });
    const { error: unread } = shown({ error: readFault() });
    expect(unread).toMatchObject({ code: 'ENOENT', message: expect.any(String) as string });
    const both = new AggregateError([error], 'all failed');
    expect(shown({ both })['both']).toMatchObject({ errors: [{ message: 'provider away' }] });
  });

  it('stays short, whatever it is given', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    let deep: unknown = 'end';
    for (let depth = 0; depth < 50; depth += 1) deep = { deep };
    const many = Array.from({ length: 5000 }, (_, index) => ({ index }));
    const line = shown({ long: 'x'.repeat(2001), circle, deep, many, bytes: Buffer.alloc(9999) });
    expect(line['long']).toBe(`${'x'.repeat(2000)}… (2001 characters)`);
    expect(line['circle']).toEqual({ self: '[circular]' });
    expect(JSON.stringify(line['deep'])).toContain('[too deep]');
    expect(line['many']).toHaveLength(101);
    expect(line['bytes']).toBe('[9999 bytes]');
    expect(shown({ exact: 'x'.repeat(2000) })['exact']).toBe('x'.repeat(2000));
    expect(JSON.stringify(shown({ wide: { many, more: many } })).length).toBeLessThan(20_000);
  });

  it('is written even when a field cannot be read', () => {
    const broken = {
      get amount(): number {
        throw new Error('no');
      },
    };
    expect(shown({ broken, big: 10n, none: undefined, set: new Set([1]), not: NaN })).toMatchObject(
      {
        broken: '[unreadable]',
        big: '10',
        set: [1],
        not: 'NaN',
      },
    );
    expect(shown(broken)).toMatchObject({ fact: 'fact', fields: '[unreadable]' });
    expect(shown({ at: new Date(0), ids: new Map([['a', 1]]) })).toMatchObject({
      at: '1970-01-01T00:00:00.000Z',
      ids: { a: 1 },
    });
  });
});

describe('secrets in a log line', () => {
  it.each([
    'secret',
    'token',
    'authorization',
    'Authorization',
    'pairingCode',
    'signature',
    'password',
    'adminKey',
    'X-Tier-Sig',
    'nextSecret',
    'PROVIDER_TOKEN',
    'secret_key',
    'cookie',
  ])('are blotted out under the name %s, at any depth', (name) => {
    const fields = { [name]: 'SHOWN', a: [{ b: { [name]: ['SHOWN', { c: 'SHOWN' }] } }] };
    expect(JSON.stringify(shown(fields))).not.toContain('SHOWN');
    expect(JSON.stringify(shown({ error: Object.assign(new Error('x'), fields) }))).not.toContain(
      'SHOWN',
    );
  });

  it('are an admin key under the name key, but not an agent, a box or a count', () => {
    const payer = { key: 'a2e76fcd-9360-4f6d-a924-000000000003', name: 'Zoë Resident' };
    const line = shown({
      payer,
      call: { key: 'box_42' },
      idempotencyKey: 'expiry:r_1:7',
      tokens: 3,
      key: 'x'.repeat(32),
      keys: ['x'.repeat(40)],
    });
    expect(line).toMatchObject({ payer, call: { key: 'box_42' }, tokens: 3 });
    expect(line).toMatchObject({ idempotencyKey: 'expiry:r_1:7' });
    expect(line).toMatchObject({ key: '[secret]', keys: '[secret]' });
  });

  it.each([
    'could not reach mongodb://ann:SHOWN@db.example/tier',
    'could not reach mongodb+srv://ann:SH/SHOWN@db.example/tier',
    'GET https://ann:SHOWN@provider.example/v1 failed',
    'refused with Authorization: Bearer SHOWN-0123456789',
    'refused with authorization: basic SHOWNSHOWN0123==',
    'GET /v1/stream?token=SHOWN&x=1',
    'wrong signature SL1=WuiX9dVXL0ouNSEgyilfs0s8DuszscJSHOWNt453PXi=',
    'nobody waits for K7QX-3MPD9SHOWN6H',
  ])('are blotted out inside a text: %s', (message) => {
    const cause = new Error(message);
    const line = JSON.stringify(shown({ message, error: new Error('failed', { cause }) }));
    expect(line).not.toContain('SHOWN');
    expect(line).toContain('[secret]');
  });

  it('are blotted out by value, wherever they turn up', () => {
    const { log, written } = logAt('info', ['EXAMPLE-ONLY-provider-token', 'a']);
    log.info('echoed EXAMPLE-ONLY-provider-token', {
      body: { echo: 'you said EXAMPLE-ONLY-provider-token twice' },
      'EXAMPLE-ONLY-provider-token': 1,
      plain: 'data',
    });
    expect(written.join('')).not.toContain('EXAMPLE-ONLY');
    expect(written.join('')).toContain('"plain":"data"');
    expect(shown({ wrapped: new Secret('SHOWN') })).toMatchObject({ wrapped: '[secret]' });
  });

  it('leave ordinary texts alone', () => {
    const texts = {
      url: 'https://provider.example/v1/units?cursor=abc',
      id: '3FA85F64-5717-4562-B3FC-2C963F66AFA6',
      mail: 'write to ann@estate.example',
      reason: 'a basic look at the bearer token',
    };
    expect(shown({ texts })['texts']).toEqual(texts);
  });
});
