/** Entries in memory, as the contract of EntryStore says: gapless, one per source. */
import type { Entry } from '../../../src/domain/ledger/entry';
import { entryId, type EntryId } from '../../../src/domain/ids';
import type { EntryStore } from '../../../src/flows/ports/money-ports';

export interface FakeEntryStore extends EntryStore {
  all(): Entry[];
}

export function createFakeEntryStore(): FakeEntryStore {
  const entries = new Map<EntryId, Entry>();
  const all = (): Entry[] => structuredClone([...entries.values()]);
  const ordered = (rows: Entry[]): Entry[] =>
    rows.sort((a, b) => (a.tenancyId === b.tenancyId ? a.seq - b.seq : a.id < b.id ? -1 : 1));
  return {
    all,
    append: async (drafts) =>
      drafts.map((draft) => {
        const same = all().filter((one) => one.tenancyId === draft.tenancyId);
        const known = same.find((one) => one.source === draft.source);
        if (known !== undefined) return { kind: 'known', entry: known };
        const seq = same.length + 1;
        const entry: Entry = { ...structuredClone(draft), id: entryId(draft.tenancyId, seq), seq };
        entries.set(entry.id, entry);
        return { kind: 'added', entry: structuredClone(entry) };
      }),
    get: async (ids) => all().filter((one) => ids.includes(one.id)),
    ofPayments: async (wanted) =>
      ordered(
        all().filter((one) =>
          wanted.some((w) => w.tenancyId === one.tenancyId && w.paymentId === one.paymentId),
        ),
      ),
    ofTenancies: async (wanted) =>
      ordered(
        all().filter((one) =>
          wanted.some((w) => w.tenancyId === one.tenancyId && one.seq > w.afterSeq),
        ),
      ),
    linesOf: async (tenancies) => all().filter((one) => tenancies.includes(one.tenancyId)),
  };
}
