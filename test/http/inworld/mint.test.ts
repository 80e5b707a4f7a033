/** What is drawn by chance has its form, and is not drawn twice. */
import { readBoxHeaders } from '../../../src/http/box-signature';
import { systemMint } from '../../../src/http/inworld/mint';
import { signedCall } from './signed-call';

const many = (draw: () => string): string[] => Array.from({ length: 500 }, draw);

describe('chance', () => {
  it('gives pairing codes that a person can type, and that name a pairing', () => {
    for (const code of many(systemMint.pairingCode)) {
      expect(code).toMatch(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{13}$/);
      const { headers } = signedCall({ key: `pair_${code.slice(0, 4)}` });
      expect(readBoxHeaders(headers)).not.toBeNull();
    }
  });

  it('uses each of the 32 letters of a code', () => {
    expect(new Set(many(systemMint.pairingCode).join('').replaceAll('-', '')).size).toBe(32);
  });

  it('gives secrets of at least 40 characters that need no escape', () => {
    for (const secret of many(systemMint.secretText)) expect(secret).toMatch(/^[\w-]{40,64}$/);
  });

  it('gives ids and UUIDs of their form', () => {
    for (const id of many(systemMint.boxId)) expect(id).toMatch(/^box_\w{16,40}$/);
    for (const id of many(systemMint.uuid)) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it('gives nothing twice', () => {
    for (const draw of [systemMint.boxId, systemMint.secretText, systemMint.uuid]) {
      expect(new Set(many(draw)).size).toBe(500);
    }
    expect(new Set(many(systemMint.pairingCode)).size).toBe(500);
  });

  it('gives fractions from 0 up to 1', () => {
    const drawn = Array.from({ length: 500 }, systemMint.fraction);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    expect(new Set(drawn).size).toBeGreaterThan(490);
  });
});
