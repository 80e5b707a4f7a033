import fc from 'fast-check';
import { MOST_FRAME_BYTES, readFrame } from '../../src/provider/stream/frames';
import { AT, eventFrame, transactionRow, unitRow } from './words';

const read = (frame: unknown) => readFrame(Buffer.from(JSON.stringify(frame)));
const readText = (text: string) => readFrame(Buffer.from(text));
const time = Date.parse(AT);

describe('a frame of the status stream', () => {
  it('is read for each kind that the protocol knows', () => {
    expect(
      read({ op: 'hello', stream: 's1', seq: 9, oldest: 2, heartbeatMs: 5_000, time: AT }),
    ).toEqual({ kind: 'hello', streamId: 's1', seq: 9, oldest: 2, heartbeatMs: 5_000, time });
    expect(read(eventFrame(10))).toMatchObject({
      kind: 'transaction',
      seq: 10,
      time,
      word: { txId: 'tx-1', state: 'completed' },
    });
    expect(read(eventFrame(11, { type: 'unit', data: unitRow() }))).toMatchObject({
      kind: 'unit',
      seq: 11,
      word: { unitId: 'unit-1' },
    });
    expect(read({ op: 'heartbeat', seq: 11, time: AT })).toEqual({
      kind: 'heartbeat',
      seq: 11,
      time,
    });
    expect(read({ op: 'gap', oldest: 4 })).toEqual({ kind: 'gap', oldest: 4 });
    expect(read({ op: 'bye', reason: 'update', retryMs: 2_000 })).toEqual({
      kind: 'bye',
      reason: 'update',
      retryMs: 2_000,
    });
  });

  it('carries an event of a type that nobody knows, so that it covers its number', () => {
    expect(read(eventFrame(12, { type: 'weather', data: { rain: true } }))).toEqual({
      kind: 'notice',
      seq: 12,
      time,
      type: 'weather',
      text: '{"rain":true}',
    });
  });

  it.each([
    [{ text: 'All clear' }, 'All clear'],
    [{ message: 'Delays' }, 'Delays'],
    ['plain', 'plain'],
    [null, ''],
    [undefined, ''],
    [{ text: 5 }, '{"text":5}'],
  ])('reads the text of a notice from %j', (data, text) => {
    expect(read(eventFrame(13, { type: 'notice', data }))).toMatchObject({ kind: 'notice', text });
  });

  it('keeps a notice short, however much it says or however deep it goes', () => {
    const long = read(eventFrame(1, { type: 'notice', data: { text: 'x'.repeat(50_000) } }));
    expect(long).toMatchObject({ kind: 'notice', text: 'x'.repeat(2_000) });
    const deep = `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`;
    const frame = `{"op":"event","seq":2,"time":"${AT}","type":"notice","data":${deep}}`;
    expect(readText(frame)).toMatchObject({ kind: 'notice', seq: 2 });
  });

  it('reads a bye that asks for nothing, or for nonsense', () => {
    expect(read({ op: 'bye' })).toEqual({ kind: 'bye', reason: '', retryMs: 0 });
    expect(read({ op: 'bye', retryMs: -5 })).toMatchObject({ retryMs: 0 });
    expect(read({ op: 'bye', retryMs: 1e15 })).toMatchObject({ retryMs: 86_400_000 });
  });
});

describe('a frame that cannot be read', () => {
  it('names its number, time, transaction and unit where they could be read', () => {
    const data = transactionRow({ amount: 'much' });
    expect(read(eventFrame(14, { data }))).toEqual({
      kind: 'unreadable',
      seq: 14,
      time,
      txId: 'tx-1',
      unitId: 'unit-1',
      fault: 'amount: Invalid input: expected number, received string',
      excerpt: JSON.stringify(eventFrame(14, { data })),
    });
    expect(read(eventFrame(15, { type: 'unit', data: { id: 'unit-9' } }))).toMatchObject({
      seq: 15,
      txId: null,
      unitId: 'unit-9',
    });
  });

  it('names them even when it was cut off', () => {
    const text = JSON.stringify(eventFrame(16)).slice(0, 110);
    expect(readText(text)).toMatchObject({ kind: 'unreadable', seq: 16, txId: 'tx-1' });
    const unit = JSON.stringify(eventFrame(17, { type: 'unit', data: unitRow() })).slice(0, 100);
    expect(readText(unit)).toMatchObject({ seq: 17, txId: null, unitId: 'unit-1' });
  });

  it.each([
    ['', null],
    ['#!garbage', null],
    ['[1,2]', null],
    ['null', null],
    ['"seq"', null],
    ['{"op":"event","seq":5,', 5],
    ['{"op":"event","seq":99999999999999999999,', null],
    ['{"op":"dance","seq":6}', 6],
    ['{"seq":7}', 7],
    ['{"op":"heartbeat","seq":-1}', null],
    ['{"op":"heartbeat","seq":1.5}', null],
    [`{"op":"heartbeat","seq":${'9'.repeat(40_000)}}`, null],
  ])('is a signal of its own: %.40s', (text, seq) => {
    expect(readText(text)).toMatchObject({ kind: 'unreadable', seq, txId: null, unitId: null });
  });

  it('refuses a frame above 64 KiB unread, and keeps only its beginning', () => {
    const frame = eventFrame(18, { padding: 'x'.repeat(MOST_FRAME_BYTES) });
    const signal = read(frame);
    expect(signal).toMatchObject({ kind: 'unreadable', seq: 18, txId: 'tx-1' });
    expect(signal).toHaveProperty('excerpt', JSON.stringify(frame).slice(0, 2_000));
    const bytes = Buffer.from(JSON.stringify(eventFrame(19)).padEnd(MOST_FRAME_BYTES, ' '));
    expect(readFrame(bytes)).toMatchObject({ kind: 'transaction', seq: 19 });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
          fc
            .tuple(fc.nat(260), fc.uint8Array({ maxLength: 8 }))
            .map(([at, noise]) =>
              Buffer.concat([Buffer.from(JSON.stringify(eventFrame(1))).subarray(0, at), noise]),
            ),
          fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
          fc
            .dictionary(fc.constantFrom('op', 'seq', 'data', 'type'), fc.jsonValue())
            .map((changes) => Buffer.from(JSON.stringify(eventFrame(1, changes)))),
        ),
        (bytes) => {
          expect(typeof readFrame(bytes).kind).toBe('string');
        },
      ),
    );
  });
});
