/** Outside references, each claimed once for ever; knows nothing of what claims them. */
import type { Connection } from 'mongoose';
import type { ReferenceStore } from '../../flows/ports/upkeep-ports';
import { insertNew } from '../save';
import { storage } from '../storage-errors';
import { recordsOf } from '../stored-record';

interface ReferenceRecord {
  /** `<type>:<reference>`. */
  _id: string;
  type: string;
  reference: string;
  by: string;
}

const MOST_FOUND = 100;

export function createReferenceStore(connection: Connection): ReferenceStore {
  const references = recordsOf<ReferenceRecord>(connection, 'references', {
    _id: String,
    type: String,
    reference: String,
    by: String,
  });
  return {
    claim: (type, reference, by) =>
      storage(async () => {
        const _id = `${type}:${reference}`;
        if ((await insertNew(references, [{ _id, type, reference, by }])).has(_id)) return true;
        return (await references.findById(_id).lean())?.by === by;
      }),
    find: (reference) =>
      storage(async () => {
        const [typed, bare] = await Promise.all([
          references.findById(reference).lean(),
          references.find({ reference }).limit(MOST_FOUND).lean(),
        ]);
        const found = [...(typed === null ? [] : [typed]), ...bare].slice(0, MOST_FOUND);
        return found.map(({ type, by }) => ({ type, by }));
      }),
  };
}
