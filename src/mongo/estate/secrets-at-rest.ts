/** Seals the boxes' stored secrets under the newest key, a batch at a time; shows none of them. */
import type { Connection } from 'mongoose';
import type { BoxId } from '../../domain/ids';
import type { SecretsAtRest } from '../../flows/boxes/seal-secrets-anew';
import { boxFields, type BoxRecord } from './box-record';
import { compareAndSet, type Change } from '../save';
import { openedOr, type SecretSealing } from './secret-sealing';
import { storage } from '../storage-errors';
import { recordsOf } from '../stored-record';

type Held = Pick<BoxRecord, '_id' | 'rev' | 'secrets' | 'nextSecret' | 'pairing'>;

/** By compare-and-set on `rev`: whoever changes a box at that moment wins, and is not undone. */
export function createSecretsAtRest(connection: Connection, sealing: SecretSealing): SecretsAtRest {
  const boxes = recordsOf<BoxRecord>(connection, 'boxes', boxFields);
  return {
    sealAnew: (after, most) =>
      storage(async () => {
        const rows = await boxes
          .find(after === null ? {} : { _id: { $gt: after } }, FIELDS)
          .sort({ _id: 1 })
          .limit(most)
          .lean<Held[]>()
          .exec();
        const sealed = rows.map((row) => sealedAnew(row, sealing));
        const changes = sealed.flatMap(({ change }) => (change === null ? [] : [change]));
        const written = await compareAndSet(boxes, changes);
        return {
          seen: rows.length,
          sealed: written.size,
          raced: changes.length - written.size,
          unopened: sealed.flatMap(({ id, isWhole }) => (isWhole ? [] : [id])),
          next: rows.length < most ? null : (rows.at(-1)?._id as BoxId),
        };
      }),
  };
}

const FIELDS = { rev: 1, secrets: 1, nextSecret: 1, pairing: 1 };

interface Sealed {
  readonly id: BoxId;
  /** Null where the newest key has sealed all that opens. */
  readonly change: Change | null;
  /** No secret of the box stands under a key that is not given. */
  readonly isWhole: boolean;
}

function sealedAnew({ _id, rev, secrets, nextSecret, pairing }: Held, sealing: SecretSealing) {
  let [isWhole, isChanged] = [true, false];
  const anew = <Part extends { readonly sealed: string }>(part: Part): Part => {
    if (sealing.isNewest(part.sealed)) return part;
    const text = openedOr(sealing, part.sealed, _id);
    if (typeof text !== 'string') {
      isWhole = false;
      return part;
    }
    isChanged = true;
    return { ...part, sealed: sealing.seal(text, _id) };
  };
  const $set = {
    rev: rev + 1,
    secrets: secrets.map(anew),
    nextSecret: nextSecret === null ? null : anew(nextSecret),
    pairing: pairing === null ? null : anew(pairing),
  };
  const change = isChanged ? { id: _id, rev, write: { update: { $set } } } : null;
  return { id: _id as BoxId, change, isWhole } satisfies Sealed;
}
