/** Shows how writes that lose a race are run again, and what instants and JSON text keep. */
import { mongo } from 'mongoose';
import { plusMs, type Instant } from '../../src/domain/time';
import { againAfterRace, fromJson, toDate, toInstant, toJson } from '../../src/mongo/stored-record';

const taken = (): Error => new mongo.MongoServerError({ message: 'E11000', code: 11000 });

describe('a write that loses a race to insert', () => {
  const failing = (...errors: readonly Error[]) => {
    const left = [...errors];
    const write = async (): Promise<number> => {
      const error = left.shift();
      if (error !== undefined) throw error;
      return errors.length + 1;
    };
    return againAfterRace(write);
  };

  it('is run again, and finds what the other has written', async () => {
    await expect(failing()).resolves.toBe(1);
    await expect(failing(taken(), taken())).resolves.toBe(3);
  });

  it('is given up where it never ends', async () => {
    await expect(failing(taken(), taken(), taken(), taken())).rejects.toThrow('E11000');
  });

  it('is not run again for any other reason', async () => {
    await expect(failing(new Error('broken'))).rejects.toThrow('broken');
  });
});

describe('an instant in a record', () => {
  it.each([
    ['before 1970', plusMs(0 as Instant, -40 * 365 * 86_400_000)],
    ['after 2100', plusMs(0 as Instant, 140 * 365 * 86_400_000)],
  ])('can be read again where reckoning put it %s', (_where, at) => {
    expect(toInstant(toDate(at))).toBe(at);
  });
});

describe('JSON text in a record', () => {
  it.each([
    null,
    0,
    '',
    'ü\u0000\ud800',
    [],
    {},
    { $set: { 'a.b': [1, null, false] } },
    2 ** 53 - 1,
  ])('keeps %j exactly', (value) => {
    expect(fromJson(toJson(value))).toEqual(value);
  });

  it('keeps nothing as null', () => {
    expect(fromJson(toJson(undefined))).toBeNull();
  });
});
