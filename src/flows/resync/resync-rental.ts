/**
 * Brings one rental and its unit at the provider into step; asks before it acts, records what it
 * did.
 */
import type { RentalId } from '../../domain/ids';
import type { Comparison } from '../../domain/resync';
import { isSameCache, type Rental } from '../../domain/rental';
import type { RepairKind } from '../../domain/sweep';
import { HOUR_MS, MINUTE_MS, type Instant } from '../../domain/time';
import type { UnitWord } from '../../domain/unit';
import { readTransactions, readUnitNow, type UnitNowDeps } from '../upstream/read-unit-now';
import { computeRentals } from '../refresh-rentals';
import { takeWords } from '../upstream/take-words';
import { compareWithUnit } from './compare-with-unit';
import type { RepairBook, RepairDraft } from './repair-book';
import { missedTransaction, repairOf, shownCache } from './repair-drafts';
import { breakOf, closeBreaks, explainSurplus } from './resync-breaks';
import { setExpiry } from './set-expiry';

export interface Resynced {
  readonly repairs: readonly RepairDraft[];
  /** Differences that are left to a person. */
  readonly breaks: number;
  /** When the provider is told once more what it has not done now; absent: by the next run. */
  readonly againMs?: number;
}

/** So often the provider is told within one resync; then a person is. */
const MOST_TRIES = 3;
/** A unit that was changed each time we would change it. */
const RESTLESS_MS = 10 * MINUTE_MS;
/** What the provider does not do now, it will hardly do in a minute. */
const BY_HAND_MS = HOUR_MS;

/**
 * Everything is read anew from the provider first, so that a payment that we had missed is settled
 * before any expiry is judged. @throws ProviderUnavailable
 */
export async function resyncRental(
  deps: UnitNowDeps,
  id: RentalId,
  book: RepairBook,
): Promise<Resynced> {
  const repairs: RepairDraft[] = [];
  const made = async (some: readonly RepairDraft[]): Promise<void> => {
    repairs.push(...some);
    await book.record(some);
  };
  await made(await repairCache(deps, id, book));
  let reach: 'since-horizon' | 'from-beginning' = 'since-horizon';
  let undone: Undone | null = null;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const before = await load(deps, id);
    if (before === null || before.unitId === null) return { repairs, breaks: 0 };
    const unit = await readUnitNow(deps, before, reach);
    const after = (await load(deps, id)) ?? before;
    await made(missedTransaction(before, after, deps.clock.now()));
    const found = await compareWithUnit(deps, after, unit);
    if (found.kind === 'long' && reach === 'since-horizon') {
      reach = 'from-beginning';
      tries -= 1;
      continue;
    }
    if (found.kind === 'short') {
      // What was said of payments while the unit was read may be in it, and not in our ledger yet.
      const { unitId, claim } = after;
      await readTransactions(deps, { unitId: unitId!, since: claim?.currentThrough ?? null });
      const latest = (await load(deps, id)) ?? after;
      const missed = missedTransaction(after, latest, deps.clock.now());
      await made(missed);
      if (missed.length > 0) continue;
    }
    const acted = await act(deps, book, { rental: after, unit, found });
    if ('repairs' in acted) {
      await made(acted.repairs);
      return { ...acted, repairs };
    }
    undone = acted;
  }
  if (undone === null) return { repairs, breaks: 0 };
  const left = await leaveByHand(deps, undone, undone);
  await made(left.repairs);
  return { ...left, repairs };
}

/** The provider was told, and has not done it. */
interface Undone extends Lengthened {
  readonly why: 'changed-meanwhile' | 'doubtful';
}

async function act(
  deps: UnitNowDeps,
  book: RepairBook,
  input: { readonly rental: Rental; readonly unit: UnitWord | null; readonly found: Comparison },
): Promise<Resynced | Undone> {
  const { rental, unit, found } = input;
  switch (found.kind) {
    case 'in-step':
      await closeBreaks(deps, rental);
      return { repairs: [], breaks: 0 };
    case 'short':
      return lengthen(deps, book, { rental, unit: unit!, found });
    case 'long': {
      const draft = await explainSurplus(deps, rental, found);
      return leave(deps, rental, { draft, kind: 'unexplained-time', unit });
    }
    case 'evicted': {
      const draft = breakOf(rental, found, deps.settings.zone);
      return leave(deps, rental, { draft, kind: 'evicted-upstream', unit });
    }
  }
}

interface Lengthened {
  readonly rental: Rental;
  readonly unit: UnitWord;
  readonly found: Extract<Comparison, { readonly kind: 'short' }>;
}

/** Tells the provider what was paid for; by hand where it has no call for it. */
async function lengthen(
  deps: UnitNowDeps,
  book: RepairBook,
  input: Lengthened,
): Promise<Resynced | Undone> {
  const { rental, unit, found } = input;
  const expirySet = (becomes: Instant | null): RepairDraft =>
    repairOf(rental, 'expiry-set', deps.clock.now(), unit, becomes);
  const planned = expirySet(found.ours);
  const [waiting] = await deps.breaks.find([{ kind: 'expiry-by-hand', about: rental.id }]);
  // A provider that had no call for it will hardly have one now: nothing is planned in vain.
  const isPlanned = waiting?.state !== 'open';
  if (isPlanned) await book.plan(planned);
  const streamRank = (await deps.follower.read()).streams.length;
  const outcome = await setExpiry(deps, { rental, unit, ours: found.ours, streamRank });
  const isUndone = outcome.kind !== 'changed' && outcome.kind !== 'doubtful';
  if (isPlanned && isUndone) await book.unplan(planned);
  switch (outcome.kind) {
    case 'doubtful':
      return { ...input, why: 'doubtful' };
    case 'stale':
      return { ...input, why: 'changed-meanwhile' };
    case 'changed': {
      const units = [outcome.unit];
      await takeWords(deps, { transactions: [], units, streamRank, witness: 'lookup' });
      await closeBreaks(deps, rental);
      return { repairs: [expirySet(outcome.unit.rentedUntil)], breaks: 0 };
    }
    case 'by-hand':
      return leaveByHand(deps, input, { refusal: outcome.refusal });
    case 'no-such-unit': {
      const gone: Comparison = { kind: 'evicted', ours: found.ours, to: null };
      const draft = breakOf(rental, gone, deps.settings.zone);
      return leave(deps, rental, { draft, kind: 'evicted-upstream', unit });
    }
  }
}

/** It is tried again all the same: a provider may learn, and a person may forget. */
async function leaveByHand(
  deps: UnitNowDeps,
  { rental, unit, found }: Lengthened,
  { why, refusal }: { readonly why?: Undone['why']; readonly refusal?: string | undefined },
): Promise<Resynced> {
  const draft = breakOf(rental, found, deps.settings.zone);
  const text = refusal === undefined ? draft.text : `${draft.text} ${refusal}`;
  const left = await leave(deps, rental, {
    draft: { ...draft, text },
    kind: 'expiry-by-hand',
    unit,
  });
  return { ...left, againMs: why === 'changed-meanwhile' ? RESTLESS_MS : BY_HAND_MS };
}

async function leave(
  deps: UnitNowDeps,
  rental: Rental,
  found: {
    readonly draft: ReturnType<typeof breakOf>;
    readonly kind: RepairKind;
    readonly unit: UnitWord | null;
  },
): Promise<Resynced> {
  const now = deps.clock.now();
  const owner = deps.settings.breakOwner;
  const [known] = await deps.breaks.find([found.draft]);
  const [kept] = await deps.breaks.open([
    { draft: found.draft, region: rental.region, owner, now },
  ]);
  const isOpen = kept?.state !== 'resolved';
  // What waits for a person already is counted each time, and recorded once.
  if (known !== undefined && known.rev === kept?.rev)
    return { repairs: [], breaks: Number(isOpen) };
  const ours = rental.cache?.paidUntil ?? null;
  return { repairs: [repairOf(rental, found.kind, now, found.unit, ours)], breaks: 1 };
}

/** Law 6: a cached paid-until that differs from the fold of the whole ledger is a defect. */
async function repairCache(
  deps: UnitNowDeps,
  id: RentalId,
  book: RepairBook,
): Promise<RepairDraft[]> {
  const [stored] = await deps.rentals.get([id]);
  if (stored === undefined) return [];
  const [row] = await computeRentals(deps, [{ ...stored, cache: null }]);
  if (row === undefined || isSameCache(stored.cache, row.fresh.cache)) return [];
  const { cache, secondKeyAt, tenancy } = row.fresh;
  const repair: RepairDraft = {
    rentalId: id,
    kind: 'stale-cache',
    before: shownCache(stored.cache),
    after: shownCache(cache),
    at: deps.clock.now(),
  };
  await book.plan(repair);
  const saved = await deps.rentals.save([{ ...stored, cache, secondKeyAt, tenancy }]);
  if (saved.has(id)) return [repair];
  await book.unplan(repair);
  return [];
}

async function load(deps: UnitNowDeps, id: RentalId): Promise<Rental | null> {
  const [row] = await computeRentals(deps, await deps.rentals.get([id]));
  return row?.fresh ?? null;
}
