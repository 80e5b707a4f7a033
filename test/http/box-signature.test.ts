/** The worked signatures, and everything that must not pass for one. */
import fc from 'fast-check';
import {
  isRightSignature,
  pathAsSent,
  readBoxHeaders,
  signBoxCall,
  stringToSign,
  type BoxCall,
} from '../../src/http/box-signature';
import vectors from '../vectors/box-signature.json';

type Case = (typeof vectors.cases)[number];

const callOf = ({ body, ...call }: Case): BoxCall => ({ ...call, body: Buffer.from(body) });

const payment = callOf(vectors.cases[0] as Case);
const secret = 'EXAMPLE-ONLY-box-secret-0123456789abcdef';
const signature = signBoxCall(payment, secret);

describe.each(vectors.cases)('the worked call "$name"', (worked) => {
  const call = callOf(worked);
  const secrets = [worked.secret];

  it('gives the very string to sign and the very signature', () => {
    expect(stringToSign(call)).toBe(worked.stringToSign);
    expect(signBoxCall(call, worked.secret)).toBe(worked.signature);
  });

  it('is let in by its secret, and by that one alone', () => {
    expect(isRightSignature({ call, signature: worked.signature, secrets })).toBe(true);
    const others = vectors.cases.map((other) => `${other.secret}x`);
    expect(isRightSignature({ call, signature: worked.signature, secrets: others })).toBe(false);
  });
});

describe('a signed call', () => {
  it.each<[line: string, change: Partial<BoxCall>]>([
    ['method', { method: 'PUT' }],
    ['path', { path: '/api/inworld/v1/event' }],
    ['path', { path: '/api/inworld/v1/events/' }],
    ['time', { time: '1767225606' }],
    ['nonce', { nonce: '5d0c2a44-1b7e-5c31-8a56-0f9e8d7c6b5b' }],
    ['nonce in capitals', { nonce: payment.nonce.toUpperCase() }],
    ['key', { key: 'box_43' }],
    ['object key', { objectKey: '3fa85f64-5717-4562-b3fc-2c963f66afa7' }],
    ['owner key', { ownerKey: '11111111-2222-3333-4444-555555555556' }],
    ['body by one byte', { body: Buffer.concat([payment.body, Buffer.from(' ')]) }],
    ['body entirely', { body: Buffer.alloc(0) }],
  ])('is refused when somebody changes its %s', (_line, change) => {
    const call = { ...payment, ...change };
    expect(isRightSignature({ call, signature, secrets: [secret] })).toBe(false);
  });

  it('is refused under another scheme than SL1', () => {
    for (const wrong of [signature.replace('SL1=', 'SL2='), signature.slice(4), `x${signature}`]) {
      expect(isRightSignature({ call: payment, signature: wrong, secrets: [secret] })).toBe(false);
    }
  });

  it('is refused with a part of the signature, with more than it, or with none', () => {
    const wrong = ['', 'SL1=', signature.slice(0, 20), signature.slice(0, -1), `${signature}A`];
    for (const given of [...wrong, `${signature}\u0000`, `${signature}${signature}`]) {
      expect(isRightSignature({ call: payment, signature: given, secrets: [secret] })).toBe(false);
    }
  });

  it('is refused when any single bit of its body has been turned', () => {
    fc.assert(
      fc.property(fc.nat(payment.body.length - 1), fc.nat(7), (byte, bit) => {
        const body = Buffer.from(payment.body);
        body[byte] = (body[byte] ?? 0) ^ (1 << bit);
        const call = { ...payment, body };
        return !isRightSignature({ call, signature, secrets: [secret] });
      }),
    );
  });

  it('is signed over its bytes, whether they are text or not', () => {
    const broken = { ...payment, body: Buffer.from([0xff, 0xfe, 0x00, 0xc3]) };
    const mended = { ...payment, body: Buffer.from(broken.body.toString('utf8')) };
    const given = signBoxCall(broken, secret);
    expect(isRightSignature({ call: broken, signature: given, secrets: [secret] })).toBe(true);
    expect(isRightSignature({ call: mended, signature: given, secrets: [secret] })).toBe(false);
  });

  it('takes the method in capitals, however it was written', () => {
    expect(signBoxCall({ ...payment, method: 'post' }, secret)).toBe(signature);
  });
});

describe('the secrets of a box', () => {
  const check = (secrets: readonly string[], given = signature): boolean =>
    isRightSignature({ call: payment, signature: given, secrets });

  it('let a call in whichever of them signed it, while they are being rotated', () => {
    const others = Array.from({ length: 6 }, (_, index) => `EXAMPLE-ONLY-other-${index}`);
    for (let place = 0; place <= others.length; place += 1) {
      expect(check(others.toSpliced(place, 0, secret))).toBe(true);
    }
    expect(check(others)).toBe(false);
    expect(check([secret, secret])).toBe(true);
  });

  it('let nothing in when there are none, or when they are empty', () => {
    expect(check([])).toBe(false);
    expect(check([''], signBoxCall(payment, ''))).toBe(false);
  });

  it('are texts: one that looks like hex or Base64 is not decoded', () => {
    const hex = '4558414d504c45';
    const decoded = Buffer.from(hex, 'hex').toString();
    expect(check([decoded], signBoxCall(payment, hex))).toBe(false);
    expect(check([hex], signBoxCall(payment, hex))).toBe(true);
  });

  it('are compared by capital and small letters, and in UTF-8', () => {
    expect(check([secret.toLowerCase()])).toBe(false);
    expect(check(['Zoë'], signBoxCall(payment, 'Zo\u0065\u0308'))).toBe(false);
  });
});

describe('the headers of a signed call', () => {
  const headers = {
    'x-tier-key': payment.key,
    'x-tier-time': payment.time,
    'x-tier-nonce': payment.nonce,
    'x-tier-sig': signature,
    'x-secondlife-object-key': payment.objectKey,
    'x-secondlife-owner-key': payment.ownerKey,
  };

  it('are read when each has its form', () => {
    const { time, nonce, key, objectKey, ownerKey } = payment;
    const read = { key, time, nonce, signature, objectKey, ownerKey };
    expect(readBoxHeaders({ ...headers, host: 'tier.example' })).toEqual(read);
    expect(readBoxHeaders({ ...headers, 'x-tier-key': 'pair_K7QX' })?.key).toBe('pair_K7QX');
  });

  it.each(Object.keys(headers))('are refused without %s', (name) => {
    expect(readBoxHeaders({ ...headers, [name]: undefined })).toBeNull();
    expect(readBoxHeaders({ ...headers, [name]: '' })).toBeNull();
    expect(readBoxHeaders({ ...headers, [name]: [headers['x-tier-key']] })).toBeNull();
  });

  it.each([
    ['x-tier-key', 'box 42', 'pair_K7', 'pair_k7qx', 'owner_1', 'box_', `box_${'1'.repeat(41)}`],
    ['x-tier-time', '-1', '1767225605.5', '1e9', ' 1767225605', '0x10', '1'.repeat(13), 'now'],
    ['x-tier-nonce', 'once', `${payment.nonce}0`, `${payment.nonce}\n`, payment.nonce.slice(1)],
    ['x-tier-sig', signature.slice(4), signature.replace('SL1', 'sl1'), `${signature}=`, 'SL1='],
    ['x-tier-sig', signature.replaceAll(/[+/]/g, '-').replace(/=$/, '')],
    ['x-secondlife-object-key', 'object', `{${payment.objectKey}}`],
    ['x-secondlife-owner-key', 'owner', `${payment.ownerKey}, ${payment.ownerKey}`],
  ])('are refused with a malformed %s', (name, ...values) => {
    for (const value of values) expect(readBoxHeaders({ ...headers, [name]: value })).toBeNull();
  });
});

describe('the path of a signed call', () => {
  it.each([
    ['/api/inworld/v1/events', '/api/inworld/v1/events'],
    ['/api/inworld/v1/events?x=1?y#z', '/api/inworld/v1/events'],
    ['http://tier.example:8080/api/inworld/v1/events?x', '/api/inworld/v1/events'],
    ['/api/inworld/v1/%65vents//', '/api/inworld/v1/%65vents//'],
    ['https://tier.example', '/'],
  ])('is, of %s, only %s', (target, path) => {
    expect(pathAsSent(target)).toBe(path);
  });
});
