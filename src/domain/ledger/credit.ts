/**
 * Which entries a payment still needs so that its tenancy holds what it is worth: one step at a
 * time.
 */
import type { Entry, EntryDraft, EntrySource } from './entry';
import { SYSTEM } from './entry';
import type { PaymentId, ReportId, TenancyId } from '../ids';
import { chainEnd, isStanding } from './ledger';
import type { Instant, Seconds } from '../time';

/** The provider's and ours may differ by this much without a word being said. */
export const TOLERANCE_SECONDS = 60;

/** What a payment ought to come to, whatever was done so far. */
export interface CreditTarget {
  readonly tenancyId: TenancyId;
  readonly paymentId: PaymentId;
  readonly kind: 'paid' | 'external';
  readonly source: EntrySource;
  /** Whole L$ given. */
  readonly amount: number;
  readonly paidAt: Instant;
  /** Whether its credit ought to stand: not reversed, refunded in full, nor taken back by hand. */
  readonly stands: boolean;
  /** Where it never stood: whether the ledger shows it with its reversal, or has nothing of it. */
  readonly otherwise: 'show' | 'omit';
  /** Seconds that `amount` buys under the terms in force at `paidAt`. */
  readonly secondsFor: (amount: number) => Seconds;
  /** Where the provider credited more than we did: its seconds, and the version that says so. */
  readonly stated: { readonly seconds: Seconds; readonly source: EntrySource } | null;
  /** A part that the box gave back; null = nothing, or all of it (then `stands` is false). */
  readonly returned: { readonly amount: number; readonly reportId: ReportId } | null;
  /** Who decided, where a person did; `system` otherwise. */
  readonly author: string;
  readonly reason: string;
  readonly reversalBy: { readonly author: string; readonly reason: string };
  readonly evidence: string;
}

/**
 * The next entries to add; apply them and ask again until none is left. Every entry has a source of
 * its own, so that two planners with different news cannot add the same thing twice, and whoever
 * comes last brings the ledger to the target.
 */
export function planCredit(
  target: CreditTarget,
  entries: readonly Entry[],
  now: Instant,
): EntryDraft[] {
  const main = entries.find((entry) => entry.source === target.source);
  if (main === undefined)
    return target.stands || target.otherwise === 'show' ? [mainEntry(target, now)] : [];
  const drafts: EntryDraft[] = [];
  if (isStanding(main, entries) !== target.stands)
    drafts.push(reversal(target, chainEnd(main, entries), now));
  drafts.push(...planBonus(target, main, entries, now));
  drafts.push(...planReturned(target, entries, now));
  return drafts;
}

function planBonus(
  target: CreditTarget,
  main: Entry,
  entries: readonly Entry[],
  now: Instant,
): EntryDraft[] {
  const bonuses = entries.filter((entry) => entry.kind === 'bonus');
  const counted = bonuses.filter(
    (entry) => isStanding(entry, entries) || closedByHand(entry, entries),
  );
  const has = counted.reduce((sum, entry) => sum + entry.seconds, 0);
  const difference = (target.stated?.seconds ?? 0) - main.seconds;
  const wanted = target.stands && difference > TOLERANCE_SECONDS ? difference : 0;
  if (has === wanted) return [];
  if (has > wanted) {
    const standing = bonuses.filter((entry) => isStanding(entry, entries));
    // Whoever took the payment back: a person's name would say that the bonus was meant.
    const by = { author: SYSTEM, reason: target.reversalBy.reason, now };
    return standing.map((entry) => reversalDraft(chainEnd(entry, entries), by));
  }
  const back = bonuses.find((one) => !counted.includes(one) && one.seconds === wanted - has);
  if (back !== undefined) return [reversal(target, chainEnd(back, entries), now)];
  const source = unused(target.stated!.source, entries);
  const reason = 'The provider credited more time for this payment.';
  return [
    { ...blank(target, now), kind: 'bonus', source, seconds: (wanted - has) as Seconds, reason },
  ];
}

/** A person's reversal of a bonus is respected: it counts as if it were given. */
function closedByHand(entry: Entry, entries: readonly Entry[]): boolean {
  const end = chainEnd(entry, entries);
  return end !== entry && end.author !== SYSTEM && !isStanding(entry, entries);
}

/** A word may turn out to be about another payment: what it took off here is then given back. */
function planReturned(target: CreditTarget, entries: readonly Entry[], now: Instant): EntryDraft[] {
  const { returned } = target;
  const source: EntrySource | null =
    returned === null ? null : `returned:${returned.reportId}@${target.paymentId}`;
  const drafts = entries
    .filter((entry) => entry.source.startsWith('returned:') && entry.source !== source)
    .filter((entry) => isStanding(entry, entries))
    .map((entry) => reversalDraft(chainEnd(entry, entries), { ...NOT_RETURNED, now }));
  if (returned === null || source === null) return drafts;
  const known = entries.find((entry) => entry.source === source);
  if (known !== undefined) {
    if (isStanding(known, entries) === target.stands) return drafts;
    return [...drafts, reversal(target, chainEnd(known, entries), now)];
  }
  if (!target.stands) return drafts;
  const kept = target.secondsFor(target.amount - returned.amount);
  const seconds = (kept - target.secondsFor(target.amount)) as Seconds;
  const reason = 'The box gave a part of the payment back.';
  const refund = { kind: 'refund', source, seconds, amount: -returned.amount, reason } as const;
  return [...drafts, { ...blank(target, now), ...refund }];
}

const NOT_RETURNED = {
  author: SYSTEM,
  reason: 'The L$ that the box gave back belong to another payment.',
};

function mainEntry(target: CreditTarget, now: Instant): EntryDraft {
  return {
    ...blank(target, now),
    kind: target.kind,
    source: target.source,
    seconds: target.secondsFor(target.amount),
    amount: target.amount,
    author: target.author,
    reason: target.reason,
  };
}

function reversal(target: CreditTarget, entry: Entry, now: Instant): EntryDraft {
  return reversalDraft(entry, { ...target.reversalBy, now });
}

/** The entry that takes `entry` back; unique, whoever makes it. */
export function reversalDraft(
  entry: Entry,
  by: { readonly author: string; readonly reason: string; readonly now: Instant },
): EntryDraft {
  return {
    tenancyId: entry.tenancyId,
    kind: 'reversal',
    source: `reverses:${entry.id}`,
    seconds: (0 - entry.seconds) as Seconds,
    amount: entry.amount === null ? null : -entry.amount,
    at: by.now,
    paidAt: entry.paidAt,
    paymentId: entry.paymentId,
    reverses: entry.id,
    author: by.author,
    reason: by.reason,
    evidence: entry.evidence,
  };
}

function blank(
  target: CreditTarget,
  now: Instant,
): Omit<EntryDraft, 'kind' | 'source' | 'seconds'> {
  return {
    tenancyId: target.tenancyId,
    amount: null,
    at: now,
    paidAt: target.paidAt,
    paymentId: target.paymentId,
    reverses: null,
    author: SYSTEM,
    reason: target.reason,
    evidence: target.evidence,
  };
}

function unused(source: EntrySource, entries: readonly Entry[]): EntrySource {
  let free = source;
  for (let n = 2; entries.some((entry) => entry.source === free); n += 1) {
    free = `${source}#${n}` as EntrySource;
  }
  return free;
}
