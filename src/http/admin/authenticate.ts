/** Who calls: the bearer key behind a request, or the problem to answer; judges no role. */
import type { Request } from 'express';
import type { AccessKey } from '../../domain/access';
import type { Problem } from '../problem';
import type { AdminFlows } from './admin-flows';
import type { WrongKeys } from './wrong-keys';

export type Authenticated = { readonly kind: 'known'; readonly key: AccessKey } | Problem;

/** Longer texts are no keys of ours, and are not worth hashing. */
const MOST_CHARACTERS = 512;

export async function authenticate(
  deps: { readonly flows: Pick<AdminFlows, 'findKey'>; readonly wrongKeys: WrongKeys },
  req: Request,
): Promise<Authenticated> {
  const header = req.headers.authorization;
  if (header === undefined) {
    return { kind: 'unauthorized', text: 'Send your key as Authorization: Bearer <key>.' };
  }
  const text = /^Bearer +([\x21-\x7e]+) *$/i.exec(header)?.[1] ?? '';
  const isPlausible = text.length > 0 && text.length <= MOST_CHARACTERS;
  const key = isPlausible ? await deps.flows.findKey({ text }) : null;
  if (key !== null) return { kind: 'known', key };
  const retryAfterS = await deps.wrongKeys.count(req.ip ?? '');
  if (retryAfterS === null) return { kind: 'unauthorized', text: 'This key is not known.' };
  return {
    kind: 'too-many-wrong-keys',
    text: `Try again in ${retryAfterS} seconds; a right key is taken at any time.`,
    retryAfterS,
  };
}
