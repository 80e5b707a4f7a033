/** Makes an access key; its text is answered once and kept nowhere. */
import type { AccessKey, Role } from '../../domain/access';
import type { Acting } from './acting';
import { nameFrom } from '../ports/digest-port';
import type { EstatePorts } from '../ports/estate-ports';
import { reaches } from './list-keys';
import { recordChange, startChange } from './record-change';
import { recordedKey } from './recorded';
import { conflict, NOT_FOUND, type Conflict, type NotFound } from './refusal';

export interface CreateKeyInput {
  readonly name: string;
  readonly role: Role;
  /** Empty = all. A limited owner gives no more than it has. */
  readonly regions: readonly string[];
  readonly by: Acting;
}

export type CreateKey =
  | { readonly kind: 'created'; readonly key: AccessKey; readonly text: string }
  | NotFound
  | Conflict;

const ACTION = 'key-created';

/**
 * A name is given once, for ever: changes are recorded under it (law 10), so two keys of one name
 * would be one author. A request that a crash left half-done makes its key anew: the text of the
 * first one was never answered, and its hash is overwritten.
 */
export async function createKey(
  deps: Pick<EstatePorts, 'keys' | 'mint' | 'digest' | 'audit' | 'clock'>,
  { name, role, regions, by }: CreateKeyInput,
): Promise<CreateKey> {
  if (!reaches(by, regions)) return NOT_FOUND;
  if (RESERVED.test(name)) return conflict(`The name ${name} is kept for the service itself.`);
  const id = `key_${nameFrom(deps.digest, 'key', name.toLowerCase())}`;
  const { at, earlier } = await startChange(deps, { by, subject: id, action: ACTION });
  if (earlier === null && (await deps.keys.get(id)) !== null) return taken(name);
  const text = `tb_${deps.mint.secretText()}`;
  const hash = deps.digest(text);
  const key: AccessKey = { id, name, role, regions, hash, createdAt: at, revokedAt: null };
  const region = regions.length === 1 ? regions[0]! : null;
  const change = { by, subject: id, region, action: ACTION, at };
  await recordChange(deps, { ...change, before: null, after: recordedKey(key) });
  const isMade = await deps.keys.create(key, deps.digest(by.requestId));
  return isMade ? { kind: 'created', key, text } : taken(name);
}

/** The names of keys that the environment gives. */
const RESERVED = /^ADMIN_KEY /i;

const taken = (name: string): Conflict =>
  conflict(`There is, or was, a key named ${name}. Choose another name.`);
