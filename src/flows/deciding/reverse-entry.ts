/**
 * A manager's reversing entry: it points at the entry that it takes back, and there is one of it.
 */
import { reversalDraft } from '../../domain/ledger/credit';
import { SYSTEM, type Entry } from '../../domain/ledger/entry';
import { parseTxId, rentalOfTenancy, tenancyOfEntry } from '../../domain/ids';
import type { EntryId, ReportId } from '../../domain/ids';
import { foldStatements, positionOf } from '../../domain/payments/statements';
import { refreshRentals } from '../refresh-rentals';
import { conflict, NOT_FOUND, type Conflict, type NotFound } from '../access/refusal';
import { settlePayments } from '../settle-payments';
import type { SettleDeps } from '../settlement/batch';

export interface ReverseInput {
  readonly entryId: EntryId;
  readonly author: string;
  readonly reason: string;
  /** The request that asks for it, so that its repetition finds what it made. */
  readonly requestId: string;
}

const REQUEST = 'request ';

export type ReverseOutcome =
  { readonly kind: 'reversed'; readonly entry: Entry } | NotFound | Conflict;

/**
 * The payment is marked first and the entry added then: a settle that comes in between makes the
 * same reversal under the same unique source, in the manager's name.
 */
export async function reverseEntry(deps: SettleDeps, input: ReverseInput): Promise<ReverseOutcome> {
  const [entry] = await deps.entries.get([input.entryId]);
  if (entry === undefined) return NOT_FOUND;
  const evidence = `${REQUEST}${input.requestId}`;
  const before = await reversalOf(deps, entry);
  if (before !== null && before.evidence !== evidence) {
    return conflict('The entry was reversed before; an entry is reversed once.');
  }
  if (isByRule(entry)) {
    return conflict(
      'A rule made this entry, and would make it again. Grant or adjust time instead.',
    );
  }
  if (!(await markPayment(deps, entry, input))) {
    return conflict('The payment is being changed at this moment. Try again in a few seconds.');
  }
  const draft = reversalDraft(entry, { ...input, now: deps.clock.now() });
  const [added] = await deps.entries.append([{ ...draft, evidence }], new Map());
  if (added === undefined) throw new Error('An append answers every draft.');
  if (!isOurs(added.entry, input, evidence))
    return conflict('The entry was reversed before; an entry is reversed once.');
  await settleAround(deps, entry);
  await refreshRentals(deps, [rentalOfTenancy(tenancyOfEntry(entry.id))]);
  return { kind: 'reversed', entry: added.entry };
}

/** Made by this request, or by a settle that found the payment marked by it. */
function isOurs(made: Entry, { author, reason }: ReverseInput, evidence: string): boolean {
  const isOfAnother = made.evidence.startsWith(REQUEST) && made.evidence !== evidence;
  return !isOfAnother && made.author === author && made.reason === reason;
}

/** What follows from the words about a payment: settle would undo its reversal at once. */
const isByRule = ({ kind, author, paymentId }: Entry): boolean =>
  paymentId !== null && author === SYSTEM && (kind === 'reversal' || kind === 'refund');

async function reversalOf(deps: SettleDeps, entry: Entry): Promise<Entry | null> {
  const { tenancyId } = entry;
  const entries = await deps.entries.ofTenancies([{ tenancyId, afterSeq: entry.seq }]);
  return entries.find((one) => one.reverses === entry.id) ?? null;
}

/** Tells the payment that a person took its credit back, or gave it again. */
async function markPayment(deps: SettleDeps, entry: Entry, input: ReverseInput): Promise<boolean> {
  const root = await rootOf(deps, entry);
  if (root.source.startsWith('tx:')) return markTransaction(deps, root, entry, input);
  if (root.source.startsWith('report:') || root.source.startsWith('x:')) {
    return markReport(deps, root, entry, input);
  }
  return makeDue(deps, root);
}

/** A bonus or a refund marks nothing, but a death before caches are refreshed must be found. */
async function makeDue(deps: SettleDeps, { paymentId }: Entry): Promise<boolean> {
  if (paymentId === null) return true;
  const nextCheckAt = deps.clock.now();
  if (paymentId.startsWith('tx:')) {
    const [tx] = await deps.transactions.get([parseTxId(paymentId.slice('tx:'.length))]);
    if (tx === undefined) return true;
    return (await deps.transactions.save([{ ...tx, nextCheckAt }])).has(tx.txId);
  }
  const [report] = await deps.reports.get([paymentId as string as ReportId]);
  if (report === undefined) return true;
  return (await deps.reports.save([{ ...report, nextCheckAt }])).has(report.id);
}

async function markTransaction(
  deps: SettleDeps,
  root: Entry,
  entry: Entry,
  input: ReverseInput,
): Promise<boolean> {
  const [tx] = await deps.transactions.get([parseTxId(root.source.slice('tx:'.length))]);
  if (tx === undefined) return true;
  const upTo = positionOf(foldStatements(tx.statements).highest);
  const { author, reason } = input;
  const reversedByHand = takesBack(root, entry) ? { upTo, author, reason } : null;
  const now = deps.clock.now();
  const saved = await deps.transactions.save([{ ...tx, reversedByHand, nextCheckAt: now }]);
  return saved.has(tx.txId);
}

async function markReport(
  deps: SettleDeps,
  root: Entry,
  entry: Entry,
  input: ReverseInput,
): Promise<boolean> {
  const [report] = await deps.reports.get([(root.paymentId ?? '') as string as ReportId]);
  if (report === undefined) return true;
  const { author, reason } = input;
  const back = { author, reason, as: 'reversed' as const };
  const reversedByHand = takesBack(root, entry) ? back : null;
  const saved = await deps.reports.save([
    { ...report, reversedByHand, nextCheckAt: deps.clock.now() },
  ]);
  return saved.has(report.id);
}

/** A reversal at an odd place of the chain gives the credit again. */
function takesBack(root: Entry, entry: Entry): boolean {
  return Math.sign(entry.seconds) === Math.sign(root.seconds);
}

async function rootOf(deps: SettleDeps, entry: Entry): Promise<Entry> {
  let root = entry;
  while (root.reverses !== null) {
    const [target] = await deps.entries.get([root.reverses]);
    if (target === undefined) return root;
    root = target;
  }
  return root;
}

async function settleAround(deps: SettleDeps, entry: Entry): Promise<void> {
  const { paymentId } = entry;
  if (paymentId === null) return;
  if (paymentId.startsWith('tx:')) {
    await settlePayments(deps, { txIds: [parseTxId(paymentId.slice('tx:'.length))] });
  } else await settlePayments(deps, { reportIds: [paymentId as string as ReportId] });
}
