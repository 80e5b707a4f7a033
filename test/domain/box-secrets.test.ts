/** Which secrets a box may sign with, through pairing, rotation and an end by hand. */
import fc from 'fast-check';
import type { Box } from '../../src/domain/box';
import {
  afterUse,
  isOpenTo,
  maySignUnseen,
  pairedWith,
  secretsInForce,
  withNextSecret,
  withoutSecrets,
  withPairing,
} from '../../src/domain/box-secrets';
import { HOUR_MS, MINUTE_MS, plusMs, type Instant } from '../../src/domain/time';
import { NOW, OBJECT, OTHER_OBJECT, OWNER, sampleBox, SECRET } from '../http/inworld/sample-estate';

const at = (hours: number): Instant => plusMs(NOW, hours * HOUR_MS);
const texts = (box: Box, now: Instant): string[] =>
  secretsInForce(box, now).map(({ text }) => text);
const code = { key: 'pair_K7QX', code: 'K7QX-3MPD9A2RTW6H' };
const caller = { objectKey: OBJECT, ownerKey: OWNER };

describe('the secrets of a box', () => {
  it('are those without an end, those whose end is to come, and the one on offer', () => {
    const until = at(1);
    const box = withNextSecret(
      sampleBox({
        secrets: [
          { text: 'a', since: NOW, until: null },
          { text: 'b', since: NOW, until },
        ],
      }),
      'c',
      NOW,
    );
    expect(texts(box, plusMs(until, -1))).toEqual(['a', 'b', 'c']);
    expect(texts(box, until)).toEqual(['a', 'c']);
  });

  it('are all ended at once by hand, with any pairing', () => {
    const box = withPairing(withNextSecret(sampleBox(), 'next', NOW), code, NOW);
    expect(withoutSecrets(box)).toMatchObject({
      state: 'unpaired',
      nextSecret: null,
      pairing: null,
    });
    expect(texts(withoutSecrets(box), NOW)).toEqual([]);
    expect(withoutSecrets({ ...box, state: 'retired' }).state).toBe('retired');
  });

  it('do not change when a call is signed with what is known already', () => {
    const box = withPairing(sampleBox(), code, NOW);
    expect(afterUse(box, 'newest', NOW)).toBeNull();
    expect(afterUse(withNextSecret(box, 'next', NOW), 'newest', NOW)).toBeNull();
    expect(afterUse(withNextSecret(box, 'next', NOW), 'older', NOW)).toBeNull();
  });

  it('get a day from the first use of the next one, and keep an earlier end', () => {
    const old = { text: 'old', since: NOW, until: at(1) };
    const [held] = sampleBox().secrets;
    const box = withNextSecret(sampleBox({ secrets: [held!, old] }), 'next', NOW);
    const used = afterUse(box, 'next', NOW)!;
    expect(used.nextSecret).toBeNull();
    expect(used.secrets).toEqual([
      { text: 'next', since: NOW, until: null },
      { text: SECRET, since: NOW, until: at(24) },
      old,
    ]);
  });

  it('that do not open may be what a box signs with, until they end or the box has another', () => {
    const sealed = { sealed: 'seal1.x', since: NOW, until: at(2) };
    const box = sampleBox({
      unopened: [sealed],
      pairing: withPairing(sampleBox(), code, NOW).pairing,
    });
    expect([maySignUnseen(box, at(1)), maySignUnseen(box, at(2))]).toEqual([true, false]);
    expect(maySignUnseen(afterUse(withNextSecret(box, 'next', NOW), 'next', NOW)!, NOW)).toBe(
      false,
    );
    const use = { caller, secretText: 'new', rezzedAt: NOW, now: NOW };
    expect(maySignUnseen(pairedWith(box, use), NOW)).toBe(false);
    expect(maySignUnseen(withPairing(box, code, NOW), NOW)).toBe(true);
    expect(maySignUnseen(withoutSecrets(box), NOW)).toBe(false);
  });

  it('keep a pairing code that waits while a secret is rotated', () => {
    const box = withPairing(withNextSecret(sampleBox(), 'next', NOW), code, NOW);
    expect(afterUse(box, 'next', NOW)?.pairing).toEqual(box.pairing);
  });

  it('never number more than four, whatever happens to the box', () => {
    const steps = fc.array(fc.constantFrom('rotate', 'use', 'pair', 'register'), { maxLength: 30 });
    fc.assert(
      fc.property(steps, (all) => {
        let box = sampleBox();
        for (const [n, step] of all.entries()) box = stepped(box, step, n);
        expect(secretsInForce(box, NOW).length).toBeLessThanOrEqual(4);
        expect(secretsInForce(box, NOW)[0]?.until).toBeNull();
      }),
    );
  });
});

function stepped(box: Box, step: 'rotate' | 'use' | 'pair' | 'register', n: number): Box {
  switch (step) {
    case 'rotate':
      return withNextSecret(box, `next ${n}`, NOW);
    case 'use':
      return afterUse(box, 'next', NOW) ?? box;
    case 'pair':
      return withPairing(box, code, NOW);
    case 'register':
      return pairedWith(box, { caller, secretText: `secret ${n}`, rezzedAt: NOW, now: NOW });
  }
}

describe('a pairing code', () => {
  const { pairing } = withPairing(sampleBox(), code, NOW);
  const expiry = plusMs(NOW, 30 * MINUTE_MS);

  it('is open to any object for half an hour', () => {
    expect(pairing.expiresAt).toBe(expiry);
    expect(isOpenTo(pairing, caller, plusMs(expiry, -1))).toBe(true);
    expect(isOpenTo(pairing, caller, expiry)).toBe(false);
  });

  it('is open only to the object that used it, from then on', () => {
    const used = { ...pairing, usedBy: caller };
    expect(isOpenTo(used, caller, at(100))).toBe(true);
    expect(isOpenTo(used, { ...caller, objectKey: OTHER_OBJECT }, NOW)).toBe(false);
    expect(isOpenTo(used, { ...caller, ownerKey: OTHER_OBJECT as never }, NOW)).toBe(false);
  });

  it('gives the object that uses it the box, and changes nothing when it is used again', () => {
    const use = { caller: { ...caller, objectKey: OTHER_OBJECT }, rezzedAt: NOW, now: NOW };
    const open = withPairing(sampleBox(), code, NOW);
    const paired = pairedWith(open, { ...use, secretText: 'new' });
    expect(paired).toMatchObject({ state: 'paired', objectKey: OTHER_OBJECT, nextSecret: null });
    expect(paired.keyHistory).toEqual([{ objectKey: OBJECT, until: NOW }]);
    expect(texts(paired, NOW)).toEqual(['new', SECRET]);
    expect(pairedWith(paired, { ...use, secretText: 'newer' })).toBe(paired);
  });

  it('is ended by the first call with the secret that it gave, by no older one', () => {
    const use = { caller, secretText: 'new', rezzedAt: NOW, now: NOW };
    const paired = pairedWith(withPairing(sampleBox(), code, NOW), use);
    expect(afterUse(paired, 'older', NOW)).toBeNull();
    expect(afterUse(paired, 'newest', NOW)?.pairing).toBeNull();
  });

  it('keeps no more than a hundred earlier objects in the history of a box', () => {
    const keyHistory = Array.from({ length: 100 }, () => ({ objectKey: OBJECT, until: NOW }));
    const open = withPairing(sampleBox({ keyHistory }), code, NOW);
    const use = { caller: { ...caller, objectKey: OTHER_OBJECT }, rezzedAt: NOW, now: at(1) };
    const paired = pairedWith(open, { ...use, secretText: 'new' });
    expect(paired.keyHistory).toHaveLength(100);
    expect(paired.keyHistory.at(-1)).toEqual({ objectKey: OBJECT, until: at(1) });
  });
});
