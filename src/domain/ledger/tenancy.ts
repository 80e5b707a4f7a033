/** One tenant's time on one rental, and which tenancy a payment belongs to; credits nothing. */
import type { RentalId, TenancyId } from '../ids';
import type { Agent } from '../payments/transaction';
import { later, wholeSecond, type Instant } from '../time';

/** Who said when a tenancy began; `payments`: nobody, so the earliest unreversed `paidAt` does. */
export type TenancyStart =
  | { readonly by: 'manager'; readonly at: Instant }
  | {
      readonly by: 'opening';
      readonly at: Instant;
      /** The unit's version that the opening contains, under the stream of this rank. */
      readonly unitVersion: number;
      readonly streamRank: number;
      readonly importedAt: Instant;
    }
  | { readonly by: 'payments' };

export interface Tenancy {
  readonly id: TenancyId;
  readonly rentalId: RentalId;
  /** From 1, in the order in which tenancies were begun. */
  readonly n: number;
  readonly tenant: Agent;
  readonly start: TenancyStart;
  readonly endedAt: Instant | null;
  readonly rev: number;
}

/** A tenancy with what its ledger says; `startedAt` null = void. */
export interface TenancyView extends Tenancy {
  readonly startedAt: Instant | null;
  /** possibly-paid-until + grace; null when void. */
  readonly limit: Instant | null;
}

export type Assignment =
  | { readonly kind: 'belongs'; readonly tenancyId: TenancyId }
  /** Begin a new tenancy for `tenant`, after ending the named one (null: there is none to end). */
  | { readonly kind: 'begins'; readonly tenant: Agent; readonly ends: TenancyId | null }
  | { readonly kind: 'tenant-differs'; readonly tenancyId: TenancyId }
  | { readonly kind: 'outside-tenancy' };

export interface GivenPayment {
  readonly paidAt: Instant;
  readonly payer: Agent;
  /** Who holds the unit after this payment; null says nothing. */
  readonly tenant: Agent | null;
}

/** The tenancy that held the rental at `paidAt`, as the domain's "Statements and credits" says. */
export function assignTenancy(
  tenancies: readonly TenancyView[],
  payment: GivenPayment,
): Assignment {
  const inOrder = [...tenancies].sort((a, b) => a.n - b.n);
  const started = inOrder.filter((tenancy) => tenancy.startedAt !== null);
  const holder = started.findLast((tenancy) => tenancy.startedAt! <= payment.paidAt);
  if (holder === undefined) return beforeTheFirst(inOrder, started[0], payment);
  if (holder.endedAt === null || payment.paidAt < holder.endedAt) {
    return during(holder, inOrder, payment);
  }
  return afterItsEnd(holder, inOrder, payment);
}

function beforeTheFirst(
  inOrder: readonly TenancyView[],
  first: TenancyView | undefined,
  payment: GivenPayment,
): Assignment {
  if (first === undefined) return beginAfter(inOrder, payment);
  if (first.start.by === 'manager') return { kind: 'outside-tenancy' };
  return agrees(first, payment)
    ? { kind: 'belongs', tenancyId: first.id }
    : { kind: 'tenant-differs', tenancyId: first.id };
}

function during(
  holder: TenancyView,
  inOrder: readonly TenancyView[],
  payment: GivenPayment,
): Assignment {
  if (agrees(holder, payment)) return { kind: 'belongs', tenancyId: holder.id };
  const isCurrent = holder.endedAt === null;
  const ranOut = holder.limit !== null && holder.limit < payment.paidAt;
  if (!isCurrent || !ranOut) return { kind: 'tenant-differs', tenancyId: holder.id };
  const waiting = voidSuccessor(holder, inOrder, payment);
  if (waiting !== undefined) return { kind: 'belongs', tenancyId: waiting.id };
  return { kind: 'begins', tenant: payment.tenant ?? payment.payer, ends: holder.id };
}

/**
 * Between two tenancies, or after the last: the next one's start moves back, or a new one begins.
 */
function afterItsEnd(
  holder: TenancyView,
  inOrder: readonly TenancyView[],
  payment: GivenPayment,
): Assignment {
  const next = inOrder.find((tenancy) => tenancy.n > holder.n && tenancy.startedAt !== null);
  if (next === undefined) {
    const waiting = voidSuccessor(holder, inOrder, payment);
    if (waiting !== undefined) return { kind: 'belongs', tenancyId: waiting.id };
    return beginAfter(inOrder, payment);
  }
  if (next.start.by === 'manager') return { kind: 'outside-tenancy' };
  return agrees(next, payment)
    ? { kind: 'belongs', tenancyId: next.id }
    : { kind: 'tenant-differs', tenancyId: next.id };
}

/** A tenancy that was begun for this very tenant and has no credit yet is taken up again. */
function voidSuccessor(
  holder: TenancyView,
  inOrder: readonly TenancyView[],
  payment: GivenPayment,
): TenancyView | undefined {
  return inOrder.find((tenancy) => tenancy.n > holder.n && isWaitingFor(tenancy, payment));
}

function beginAfter(inOrder: readonly TenancyView[], payment: GivenPayment): Assignment {
  const waiting = inOrder.find((tenancy) => isWaitingFor(tenancy, payment));
  if (waiting !== undefined) return { kind: 'belongs', tenancyId: waiting.id };
  const open = inOrder.findLast((tenancy) => tenancy.endedAt === null);
  return {
    kind: 'begins',
    tenant: payment.tenant ?? payment.payer,
    ends: open === undefined ? null : open.id,
  };
}

function isWaitingFor(tenancy: TenancyView, payment: GivenPayment): boolean {
  return tenancy.startedAt === null && tenancy.endedAt === null && agrees(tenancy, payment);
}

function agrees(tenancy: Tenancy, payment: GivenPayment): boolean {
  return payment.tenant === null || payment.tenant.key === tenancy.tenant.key;
}

/**
 * When a tenancy starts that is to start now: with the second that has begun, since boxes tell
 * whole seconds, but not before the end of any tenancy before it.
 */
export function startNow(now: Instant, before: readonly Pick<Tenancy, 'endedAt'>[]): Instant {
  const ends = before.flatMap(({ endedAt }) => endedAt ?? []);
  return ends.reduce((start, end) => later(start, end), wholeSecond(now));
}
