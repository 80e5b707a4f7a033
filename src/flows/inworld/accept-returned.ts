/**
 * Stores a box's word that it gave L$ back, and has the payment settled again; refunds nothing
 * itself.
 */
import type { Box } from '../../domain/box';
import { reportId, returnedId, type EventId, type ReportId } from '../../domain/ids';
import type { Lindens } from '../../domain/money';
import { earlier, type Instant } from '../../domain/time';
import { isDatedAhead } from './event-time';
import type { Log } from '../ports/log-port';
import { StorageUnavailable, type ReportStore } from '../ports/money-ports';
import type { Wake } from '../ports/wake-port';

export interface ReturnedDeps {
  readonly reports: Pick<ReportStore, 'insertReturned' | 'get' | 'save'>;
  readonly wake: Pick<Wake, 'settle'>;
  readonly log: Log;
}

export interface ReturnedInput {
  readonly box: Box;
  readonly now: Instant;
  readonly returned: {
    /** The event id of the payment. */
    readonly eventId: EventId;
    readonly amount: Lindens;
    readonly at: Instant;
  };
}

export type ReturnedOutcome = { readonly kind: 'stored' | 'known' | 'conflict' | 'refused' };

const MOST_TRIES = 5;

/** The payment itself may come later, or never: the word is kept all the same. */
export async function acceptReturned(
  deps: ReturnedDeps,
  { box, now, returned }: ReturnedInput,
): Promise<ReturnedOutcome> {
  if (isDatedAhead(returned.at, now)) return { kind: 'refused' };
  const { amount, at } = returned;
  const paymentReport = reportId(box.id, returned.eventId);
  const id = returnedId(paymentReport);
  const word = { id, paymentReport, boxId: box.id, amount, at, receivedAt: now };
  const kept = await deps.reports.insertReturned(word);
  if (kept !== 'stored' && (kept.rival.amount !== amount || kept.rival.at !== at)) {
    deps.log.warn('return refused: its payment was returned with other content', { reportId: id });
    return { kind: 'conflict' };
  }
  await makeDue(deps, paymentReport, { now, isNew: kept === 'stored' });
  deps.wake.settle({ reportIds: [paymentReport] });
  if (kept !== 'stored') return { kind: 'known' };
  deps.log.info('return stored', { reportId: id, amount });
  return { kind: 'stored' };
}

/**
 * A payment may have been finished long ago, and a wake-up may get lost: it is made due before the
 * box is answered. One that is due already is written all the same for a new word: a round that is
 * open on it has perhaps not seen this word, and loses the race. One that is not there yet is due
 * when it comes, and then finds this word.
 */
async function makeDue(
  deps: Pick<ReturnedDeps, 'reports'>,
  id: ReportId,
  { now, isNew }: { readonly now: Instant; readonly isNew: boolean },
): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const [report] = await deps.reports.get([id]);
    if (report === undefined) return;
    const nextCheckAt = earlier(report.nextCheckAt ?? now, now);
    if (!isNew && nextCheckAt === report.nextCheckAt) return;
    if ((await deps.reports.save([{ ...report, nextCheckAt }])).has(id)) return;
  }
  throw new StorageUnavailable('The report is being written to.');
}
