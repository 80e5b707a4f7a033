/** Seals secrets at rest with AES-256-GCM under keys that rotate; stores nothing. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/**
 * The first key seals, any opens: put a new key first, keep the old ones until every record has
 * been sealed anew. A sealed text is bound to its record's id, so that it opens nowhere else.
 */
export interface SecretSealing {
  seal(text: string, recordId: string): string;
  /** @throws SealBroken where no key fits, or text or record are not those that were sealed. */
  open(sealed: string, recordId: string): string;
  /** Whether the first key sealed it; says nothing of whether it opens. */
  isNewest(sealed: string): boolean;
}

/** A stored secret cannot be opened. Names the record and the key's id, never the secret. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
  readonly mayRetry = false;
}

/** The secret, or why it does not open. */
export function openedOr(
  sealing: SecretSealing,
  sealed: string,
  recordId: string,
): string | SealBroken {
  try {
    return sealing.open(sealed, recordId);
  } catch (error) {
    if (error instanceof SealBroken) return error;
    throw error;
  }
}

const FORM = 'seal1';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** @param keys 32 bytes each, at least one, the newest first. */
export function createSecretSealing(keys: readonly Uint8Array[]): SecretSealing {
  const byId = new Map(keys.map((key) => [keyId(key), key]));
  const [newest] = byId;
  if (newest === undefined) throw new RangeError('Sealing needs at least one key.');

  return {
    seal(text, recordId) {
      const [id, key] = newest;
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(boundTo(id, recordId));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      const parts = [iv, cipher.getAuthTag(), body].map((part) => part.toString('base64url'));
      return [FORM, id, ...parts].join('.');
    },

    open(sealed, recordId) {
      const [form, id = '', ...parts] = sealed.split('.');
      const [iv, tag, body] = parts.map((part) => Buffer.from(part, 'base64url'));
      if (form !== FORM || iv === undefined || tag === undefined || body === undefined) {
        throw new SealBroken(`A secret of ${recordId} is not in a sealed form that we know.`);
      }
      const key = byId.get(id);
      if (key === undefined) {
        throw new SealBroken(
          `A secret of ${recordId} was sealed with key ${id}, which is not among those given: ` +
            'add that key to the list again, behind the newest.',
        );
      }
      try {
        const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
        decipher.setAAD(boundTo(id, recordId)).setAuthTag(tag);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new SealBroken(
          `A secret of ${recordId} does not open: it was altered, or sealed for another record.`,
          { cause },
        );
      }
    },

    isNewest: (sealed) => sealed.startsWith(`${FORM}.${newest[0]}.`),
  };
}

/** Names a key without telling of it: 48 bits of a hash that is made for this purpose only. */
function keyId(key: Uint8Array): string {
  if (key.byteLength !== KEY_BYTES) throw new RangeError(`A sealing key is ${KEY_BYTES} bytes.`);
  return createHash('sha256')
    .update('tierbridge sealing key\n')
    .update(key)
    .digest('hex')
    .slice(0, 12);
}

function boundTo(id: string, recordId: string): Buffer {
  return Buffer.from(`${FORM}.${id}.${recordId}`, 'utf8');
}
