/** The table of in-world answers, code by code, and texts that scripts can cut out by hand. */
import fc from 'fast-check';
import type { Instant } from '../../src/domain/time';
import { clampedInt, inworldAnswer, shownText, type InworldCode } from '../../src/http/answers';

const NOW = 1_772_366_400_999 as Instant;

describe('the table of answers', () => {
  it.each<[code: InworldCode, status: number, ok: number, retry: number]>([
    ['stored', 200, 1, 0],
    ['known', 200, 1, 0],
    ['standing', 200, 1, 0],
    ['paired', 200, 1, 0],
    ['malformed', 400, 0, 0],
    ['signature', 401, 0, 0],
    ['clock', 401, 0, 1],
    ['rebind', 403, 0, 0],
    ['retired', 403, 0, 0],
    ['shard', 403, 0, 0],
    ['unknown', 404, 0, 0],
    ['method', 405, 0, 0],
    ['conflict', 409, 0, 0],
    ['nonce', 409, 0, 1],
    ['too-large', 413, 0, 0],
    ['refused', 422, 0, 0],
    ['busy', 429, 0, 20],
    ['storage', 503, 0, 15],
  ])('gives %s the status %i', (code, status, ok, retry) => {
    const answer = inworldAnswer({ code }, NOW);
    expect(answer.status).toBe(status);
    expect(answer.body).toBe(`{"ok":${ok},"code":"${code}","retry":${retry},"t":1772366400}`);
    expect(answer.headers['Content-Length']).toBe(String(answer.body.length));
  });

  it('takes the seconds to wait from the outcome where it names them', () => {
    const { body } = inworldAnswer({ code: 'busy', retryS: 7 }, NOW);
    expect(JSON.parse(body)).toMatchObject({ retry: 7 });
  });
});

describe('a text for a script', () => {
  it.each([
    ['Paid until Wed.', 'Paid until Wed.'],
    ['a]b}c', 'a)b)c'],
    ['a\n\r\tb\u0085c\u2028d\u0000e\u007ff', 'a b c d e f'],
    ['a\ud800b', 'a\ufffdb'],
    ['"quoted" \\ {[', '"quoted" \\ {['],
  ])('of %j is %j', (given, shown) => {
    expect(shownText(given, 254)).toBe(shown);
  });

  it('is cut at a character, never inside one', () => {
    expect(shownText('ab🏝️', 5)).toBe('ab');
    expect(shownText('ab🏝', 6)).toBe('ab🏝');
    expect(shownText('äöü', 5)).toBe('äö');
  });

  it('is within its bytes and free of what scripts stumble over, whatever is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.nat(300), (text, most) => {
        const shown = shownText(text, most);
        expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(most);
        expect(shown).not.toMatch(/[\]}\p{Cc}\p{Surrogate}]/u);
      }),
    );
  });
});

describe('a number for a script', () => {
  it.each([
    [5.9, 5],
    [-5.9, -5],
    [2 ** 31, 2 ** 31 - 1],
    [-(2 ** 40), -(2 ** 31)],
  ])('of %p is %p', (given, shown) => {
    expect(clampedInt(given)).toBe(shown);
  });
});
