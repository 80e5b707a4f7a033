/** Draws ids, secrets and codes from the system's source of chance; keeps none of them. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { parseBoxId } from '../../domain/ids';
import type { Mint } from '../../flows/ports/mint-port';

/** 32 of them, so that each is worth five bits; without 0, 1, I and O. */
const CODE_LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const CODE_NAME_LENGTH = 4;
/** 65 bits: nobody guesses that in half an hour. */
const CODE_REST_LENGTH = 13;

export const systemMint: Mint = {
  boxId: () => parseBoxId(`box_${randomBytes(12).toString('hex')}`),
  secretText: () => randomBytes(36).toString('base64url'),
  pairingCode: () => `${letters(CODE_NAME_LENGTH)}-${letters(CODE_REST_LENGTH)}`,
  uuid: () => randomUUID(),
  fraction: () => randomInt(2 ** 32) / 2 ** 32,
};

/** No letter is likelier than another: 32 divides 256. */
function letters(count: number): string {
  return Array.from(randomBytes(count), (byte) => CODE_LETTERS[byte % CODE_LETTERS.length]).join(
    '',
  );
}
