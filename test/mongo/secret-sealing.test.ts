/** Shows that a sealed secret opens with its key, for its record, unaltered, and not otherwise. */
import { randomBytes } from 'node:crypto';
import { createSecretSealing, SealBroken } from '../../src/mongo/estate/secret-sealing';

const SECRET = 'a secret of forty characters and more: ü';
const [old, fresh, foreign] = [randomBytes(32), randomBytes(32), randomBytes(32)];

describe('the sealing of secrets', () => {
  it('opens what it sealed, an empty text too', () => {
    const sealing = createSecretSealing([fresh]);
    expect(sealing.open(sealing.seal(SECRET, 'box_a'), 'box_a')).toBe(SECRET);
    expect(sealing.open(sealing.seal('', 'box_a'), 'box_a')).toBe('');
  });

  it('shows nothing of the secret, and never seals twice alike', () => {
    const sealing = createSecretSealing([fresh]);
    const sealed = [sealing.seal(SECRET, 'box_a'), sealing.seal(SECRET, 'box_a')];
    expect(sealed[0]).not.toBe(sealed[1]);
    for (const text of sealed) {
      expect(text).toMatch(/^seal1\.[0-9a-f]{12}\.[\w-]+\.[\w-]+\.[\w-]+$/);
      expect(text).not.toContain(Buffer.from(SECRET).toString('base64url').slice(0, 8));
    }
  });

  it('opens what an older key sealed, and seals with the newest', () => {
    const sealedBefore = createSecretSealing([old]).seal(SECRET, 'box_a');
    const rotated = createSecretSealing([fresh, old]);
    expect(rotated.open(sealedBefore, 'box_a')).toBe(SECRET);
    const sealedAfter = rotated.seal(SECRET, 'box_a');
    expect(createSecretSealing([fresh]).open(sealedAfter, 'box_a')).toBe(SECRET);
    expect(() => createSecretSealing([old]).open(sealedAfter, 'box_a')).toThrow(SealBroken);
  });

  it('tells what the newest key has sealed from what waits to be sealed anew', () => {
    const rotated = createSecretSealing([fresh, old]);
    expect(rotated.isNewest(rotated.seal(SECRET, 'box_a'))).toBe(true);
    expect(rotated.isNewest(createSecretSealing([old]).seal(SECRET, 'box_a'))).toBe(false);
  });

  it('does not open what was moved to another record', () => {
    const sealing = createSecretSealing([fresh]);
    const sealed = sealing.seal(SECRET, 'box_a');
    expect(() => sealing.open(sealed, 'box_b')).toThrow(SealBroken);
  });

  it('does not open what was altered at any place', () => {
    const sealing = createSecretSealing([fresh, old]);
    const parts = sealing.seal(SECRET, 'box_a').split('.');
    const ids = [fresh, old].map((key) => createSecretSealing([key]).seal('', '').split('.')[1]!);
    const altered = [
      ...[2, 3, 4].map((place) => parts.map((part, n) => (n === place ? flipped(part) : part))),
      ...[2, 3, 4].map((place) => parts.map((part, n) => (n === place ? part.slice(4) : part))),
      parts.map((part) => (part === ids[0] ? ids[1]! : part)),
      ['seal2', ...parts.slice(1)],
      parts.slice(0, 4),
      [''],
    ];
    for (const text of altered) {
      expect(() => sealing.open(text.join('.'), 'box_a')).toThrow(SealBroken);
    }
  });

  it('names the record and the key that is missing, never a secret', () => {
    const sealed = createSecretSealing([foreign]).seal(SECRET, 'box_a');
    const open = (): string => createSecretSealing([fresh]).open(sealed, 'box_a');
    expect(open).toThrow(/box_a was sealed with key [0-9a-f]{12}, which is not among those given/);
    expect(open).not.toThrow(new RegExp(SECRET.slice(0, 8)));
  });

  it('takes keys of 32 bytes, and at least one', () => {
    expect(() => createSecretSealing([])).toThrow(RangeError);
    expect(() => createSecretSealing([randomBytes(16)])).toThrow(RangeError);
  });
});

function flipped(part: string): string {
  const bytes = Buffer.from(part, 'base64url');
  bytes[0] = bytes[0]! ^ 1;
  return bytes.toString('base64url');
}
