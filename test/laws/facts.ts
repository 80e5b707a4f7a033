/** What reaches the service, one fact at a time or in batches, and how it is taken in. */
import type { EventId, ReportId } from '../../src/domain/ids';
import { reportId } from '../../src/domain/ids';
import type { Lindens } from '../../src/domain/money';
import type { Instant } from '../../src/domain/time';
import type { Statement } from '../../src/domain/payments/transaction';
import { acceptPayment, type PaymentWord } from '../../src/flows/accept-payment';
import { acceptReturned } from '../../src/flows/inworld/accept-returned';
import { settlePayments } from '../../src/flows/settle-payments';
import { BOX, sweep, type Process } from './world';

export type Fact =
  | { readonly kind: 'word'; readonly statement: Statement }
  | { readonly kind: 'report'; readonly payment: PaymentWord }
  | {
      readonly kind: 'returned';
      readonly eventId: EventId;
      readonly amount: Lindens;
      readonly at: Instant;
    };

/** A batch of facts that arrive together, or the sweep of a minute. */
export type Arrival = readonly Fact[] | 'sweep';

/**
 * The box's facts are taken in as at the door, then all of the batch is settled in one round.
 * Throws where the process dies; whoever sent the batch sends it again.
 */
export async function takeIn(process: Process, arrival: Arrival): Promise<void> {
  if (arrival === 'sweep') return sweep(process);
  const statements: Statement[] = [];
  const reportIds: ReportId[] = [];
  for (const fact of arrival) {
    if (fact.kind === 'word') statements.push(fact.statement);
    else reportIds.push(await fromBox(process, fact));
  }
  await settlePayments(process, { statements, reportIds });
}

async function fromBox(
  process: Process,
  fact: Exclude<Fact, { readonly kind: 'word' }>,
): Promise<ReportId> {
  const now = process.clock.now();
  if (fact.kind === 'report') {
    await acceptPayment(process, { box: BOX, now, payment: fact.payment });
    return reportId(BOX.id, fact.payment.eventId);
  }
  const { eventId, amount, at } = fact;
  await acceptReturned(process, { box: BOX, now, returned: { eventId, amount, at } });
  return reportId(BOX.id, eventId);
}
