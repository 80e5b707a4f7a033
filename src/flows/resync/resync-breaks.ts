/** The breaks of a resync: differences about a rental that only a person can settle. */
import type { BreakDraft, BreakKind } from '../../domain/break';
import { creditedTwice, expiryToSet, type Comparison } from '../../domain/resync';
import type { Rental } from '../../domain/rental';
import { durationForPeople, forPeople, SECOND_MS, toRfc3339 } from '../../domain/time';
import type { BreakStore, EntryStore } from '../ports/money-ports';
import type { Clock } from '../ports/clock';
import type { Settings } from '../ports/settings';

/** Kinds that a resync opens about a rental, and what becomes of them once the two are in step. */
export const RESYNC_BREAKS: ReadonlyMap<BreakKind, 'proposed' | 'resolved'> = new Map([
  ['evicted-upstream', 'proposed'],
  ['credited-twice-upstream', 'proposed'],
  ['unexplained-time', 'resolved'],
  ['expiry-by-hand', 'resolved'],
]);

export interface ResyncBreakDeps {
  readonly breaks: BreakStore;
  readonly entries: EntryStore;
  readonly clock: Clock;
  readonly settings: Settings;
}

/** The provider and our ledger agree again: what was open about their difference is closed. */
export async function closeBreaks(
  deps: ResyncBreakDeps,
  rental: Pick<Rental, 'id'>,
): Promise<void> {
  const open = await deps.breaks.openFor([rental.id], [...RESYNC_BREAKS.keys()]);
  const now = deps.clock.now();
  const gone = open.flatMap(({ kind, about, state }) => {
    const as = RESYNC_BREAKS.get(kind);
    if (as === undefined || about !== rental.id || state === 'proposed') return [];
    return [{ kind, about, resolution: 'The provider and our ledger agree again.', as, now }];
  });
  if (gone.length > 0) await deps.breaks.settle(gone);
}

/** Time upstream that no entry explains: perhaps one payment that the provider counted twice. */
export async function explainSurplus(
  deps: ResyncBreakDeps,
  rental: Rental,
  found: Extract<Comparison, { readonly kind: 'long' }>,
): Promise<BreakDraft> {
  const { ours } = found;
  const { zone } = deps.settings;
  if (rental.tenancy === null || ours === null) return breakOf(rental, found, zone);
  const wanted = [{ tenancyId: rental.tenancy.id, afterSeq: 0 }];
  const twice = creditedTwice(await deps.entries.ofTenancies(wanted), { ...found, ours });
  const draft = breakOf(rental, found, zone);
  if (twice === null) return draft;
  return {
    ...draft,
    kind: 'credited-twice-upstream',
    subjects: twice.paymentId === null ? draft.subjects : [...draft.subjects, twice.paymentId],
    amount: twice.amount,
    text:
      `The provider seems to have counted one payment twice: ${rental.name} shows ` +
      `${forPeople(found.shows, zone)} there, ${forPeople(ours, zone)} here. ` +
      'Nothing is taken from the tenant; correct it with the provider.',
  };
}

/** A difference as a person needs it: unit, exact date and time, what to do. */
export function breakOf(
  rental: Rental,
  found: Exclude<Comparison, { readonly kind: 'in-step' }>,
  zone: string,
): BreakDraft {
  const place = placeOf(rental);
  const unit = `unit ${rental.unitId ?? '?'} (${rental.name}, ${rental.region})`;
  const base = { about: rental.id, subjects: [rental.id], amount: null };
  const ours = found.ours === null ? null : exactly(found.ours, zone);
  switch (found.kind) {
    case 'short': {
      const shows = found.shows === null ? 'no time' : exactly(found.shows, zone);
      const wrong = found.shows === found.ours ? 'overdue' : shows;
      return {
        ...base,
        kind: 'expiry-by-hand',
        fingerprint: expiryToSet(found.ours) + place,
        seconds: found.shows === null ? null : (found.ours - found.shows) / SECOND_MS,
        text: `On the provider's site set ${unit} to ${ours ?? ''}: it shows ${wrong}.`,
      };
    }
    case 'long': {
      const seconds = found.ours === null ? null : (found.shows - found.ours) / SECOND_MS;
      const more = seconds === null ? '' : `, ${durationForPeople(seconds)} more than is paid here`;
      return {
        ...base,
        kind: 'unexplained-time',
        fingerprint: `${found.shows} ${place}`,
        seconds,
        text:
          `The provider shows ${unit} until ${exactly(found.shows, zone)}${more}, and no payment ` +
          'explains it. Grant the time here, or correct it with the provider.',
      };
    }
    case 'evicted': {
      const by = found.to === null ? 'is free to let or gone' : `is let to ${found.to}`;
      return {
        ...base,
        kind: 'evicted-upstream',
        fingerprint: `${found.to ?? 'free'} ${place}`,
        seconds: null,
        text:
          `At the provider ${unit} ${by}, but our tenant has paid until ${ours ?? ''}. ` +
          'Call the provider now; nobody else may move in.',
      };
    }
  }
}

/**
 * Of the unit's last word: what a person has resolved stays resolved for as long as the provider
 * says nothing new of the unit, and not when the same comes about a second time.
 */
const placeOf = ({ claim }: Rental): string =>
  claim === null ? 'unheard' : `${claim.streamRank}.${claim.version}`;

function exactly(at: NonNullable<Rental['resyncAt']>, zone: string): string {
  return `${forPeople(at, zone)} (${toRfc3339(at)})`;
}
