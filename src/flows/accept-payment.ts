/**
 * Stores what a box says about a payment, by one durable insert; credits nothing and asks nobody.
 */
import type { Box } from '../domain/box';
import { reportId, type EventId, type TxId } from '../domain/ids';
import type { Lindens } from '../domain/money';
import type { Rental } from '../domain/rental';
import type { Report } from '../domain/payments/report';
import type { Instant } from '../domain/time';
import type { Agent, Step } from '../domain/payments/transaction';
import { isDatedAhead, isDatedLongAgo } from './inworld/event-time';
import type { Log } from './ports/log-port';
import {
  StorageUnavailable,
  type BreakStore,
  type RentalStore,
  type ReportStore,
} from './ports/money-ports';
import type { Settings } from './ports/settings';
import type { Wake } from './ports/wake-port';

export interface PaymentDeps {
  readonly reports: Pick<ReportStore, 'intake' | 'get' | 'save'>;
  readonly rentals: Pick<RentalStore, 'one'>;
  readonly breaks: Pick<BreakStore, 'open'>;
  readonly wake: Pick<Wake, 'settle'>;
  readonly settings: Pick<Settings, 'breakOwner'>;
  readonly log: Log;
}

/** A payment as its box tells of it. */
export interface PaymentWord {
  readonly eventId: EventId;
  readonly payer: Agent;
  readonly amount: Lindens;
  readonly at: Instant;
  readonly ref: TxId | null;
}

export type PaymentOutcome = { readonly kind: 'stored' | 'known' | 'conflict' };

const MOST_TRIES = 5;

/**
 * Real L$ changed hands, so a payment is stored whatever its time says, and from a retired box too:
 * that one also opens a break. Once answered, the report is durable and due to be settled.
 */
export async function acceptPayment(
  deps: PaymentDeps,
  input: { readonly box: Box; readonly now: Instant; readonly payment: PaymentWord },
): Promise<PaymentOutcome> {
  const { box, payment } = input;
  const rental = await deps.rentals.one(box.rentalId);
  if (rental === null) throw new Error(`The rental ${box.rentalId} of ${box.id} is missing.`);
  const report = reportOf(input, rental);
  const intake = await deps.reports.intake(report);
  if (intake.kind === 'exists' && !isSameContent(intake.rival, report)) {
    const { id } = report;
    deps.log.warn('payment refused: its event id has other content', { reportId: id });
    return { kind: 'conflict' };
  }
  if (box.state === 'retired') await openRetiredBreak(deps, report, rental);
  if (intake.kind === 'exists') {
    if (payment.ref !== null) await addReference(deps, { ...input, kept: intake.rival });
    return { kind: 'known' };
  }
  deps.wake.settle({ reportIds: [report.id] });
  const { id, rentalId, amount, paidAt } = report;
  deps.log.info('payment stored', { reportId: id, rentalId, amount, paidAt });
  return { kind: 'stored' };
}

/** Names may change and a reference may come later: neither is content. */
function isSameContent(kept: Report, said: Report): boolean {
  return kept.payer.key === said.payer.key && kept.amount === said.amount && kept.at === said.at;
}

function reportOf(
  {
    box,
    now,
    payment,
  }: { readonly box: Box; readonly now: Instant; readonly payment: PaymentWord },
  rental: Rental,
): Report {
  const isAhead = isDatedAhead(payment.at, now);
  const isLongAgo = isDatedLongAgo(payment.at, now);
  const isRetired = box.state === 'retired';
  const confirmsItself = rental.verifiedBy === 'box' && !isRetired;
  return {
    id: reportId(box.id, payment.eventId),
    rev: 1,
    boxId: box.id,
    eventId: payment.eventId,
    rentalId: rental.id,
    unitId: rental.unitId,
    payer: payment.payer,
    amount: payment.amount,
    at: payment.at,
    // A tenancy would begin with it, or end before it: the time of receipt stands in.
    paidAt: isAhead || isLongAgo ? now : payment.at,
    receivedAt: now,
    ref: payment.ref,
    settledBy: confirmsItself ? { by: 'self' } : null,
    takes: null,
    tenancyId: null,
    creditedBy: null,
    reversedByHand: null,
    breaks: [],
    refundedInFull: false,
    decision: null,
    fromRetiredBox: isRetired,
    unknownUpstream: false,
    // Due at once: a process that dies before it settles leaves what the next sweep finds.
    nextCheckAt: now,
    checks: 0,
    steps: stepsOf({ now, isAhead, isLongAgo, confirmsItself }),
  };
}

function stepsOf(facts: {
  readonly now: Instant;
  readonly isAhead: boolean;
  readonly isLongAgo: boolean;
  readonly confirmsItself: boolean;
}): readonly Step[] {
  const codes = [
    'reported',
    ...(facts.isAhead ? ['dated-ahead'] : []),
    ...(facts.isLongAgo ? ['dated-long-ago'] : []),
    ...(facts.confirmsItself ? ['confirmed'] : []),
  ];
  return codes.map((code) => ({ code, at: facts.now }));
}

/** Opened before the box is answered, so that a crash between the two is made good by its retry. */
async function openRetiredBreak(
  deps: Pick<PaymentDeps, 'breaks' | 'settings'>,
  report: Report,
  rental: Rental,
): Promise<void> {
  const { id, boxId, payer, amount, at, receivedAt } = report;
  const draft = {
    kind: 'retired-box' as const,
    about: id,
    fingerprint: `${payer.key}:${amount}:${at}`,
    subjects: [rental.id, id, boxId],
    amount,
    seconds: null,
    text:
      `The retired box ${boxId} reported L$ ${amount} from ${payer.name || payer.key}. ` +
      'Find out who holds the money: confirm the payment by hand, or have it given back.',
  };
  const owner = deps.settings.breakOwner;
  await deps.breaks.open([{ draft, region: rental.region, owner, now: receivedAt }]);
}

/** A reference may be added once, later; it can win over a pairing, so settle looks again. */
async function addReference(
  deps: Pick<PaymentDeps, 'reports' | 'wake' | 'log'>,
  input: { readonly kept: Report; readonly now: Instant; readonly payment: PaymentWord },
): Promise<void> {
  const { now, payment } = input;
  let kept: Report | undefined = input.kept;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (kept === undefined || kept.ref !== null) return;
    const steps = [...kept.steps, { code: 'reference-named', at: now }];
    const named = { ...kept, ref: payment.ref, nextCheckAt: now, steps };
    if ((await deps.reports.save([named])).has(kept.id)) {
      deps.wake.settle({ reportIds: [kept.id] });
      deps.log.info('reference added to a payment', { reportId: kept.id, txId: payment.ref });
      return;
    }
    [kept] = await deps.reports.get([kept.id]);
  }
  throw new StorageUnavailable('The report is being written to.');
}
