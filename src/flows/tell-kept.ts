/**
 * Says in the log what stores have kept for good: entries made, breaks opened; decides nothing. A
 * line is not promised: a process may die, or lose the answer, between the write and the line.
 */
import type { BreakStore, EntryStore } from './ports/money-ports';
import type { Log } from './ports/log-port';

/** A line per entry that was added, once it is durable; none for one that was there already. */
export function tellEntries(entries: EntryStore, log: Log): EntryStore {
  return {
    ...entries,
    async append(drafts, endHint) {
      const appended = await entries.append(drafts, endHint);
      for (const { kind, entry } of appended) {
        if (kind === 'known') continue;
        const { id, seconds, amount, paymentId, author } = entry;
        const fields = { entryId: id, kind: entry.kind, seconds, amount, paymentId, author };
        log.info('entry made', fields);
      }
      return appended;
    },
  };
}

/** A line per break that was opened, or opened again; none where it stood open. */
export function tellBreaks(breaks: BreakStore, log: Log): BreakStore {
  return {
    ...breaks,
    async open(drafts) {
      const kept = await breaks.open(drafts);
      const times = new Set(drafts.map(({ now }) => now));
      for (const { id, kind, about, subjects, owner, openedAt } of kept) {
        if (!times.has(openedAt)) continue;
        log.info('break opened', { breakId: id, kind, about, subjects, owner });
      }
      return kept;
    },
  };
}
