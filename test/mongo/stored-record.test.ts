/** Shows how writes that lose a race to insert are run again, and what JSON text keeps. */
import { mongo } from 'mongoose';
import { againAfterRace, fromJson, toJson } from '../../src/mongo/stored-record';

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
