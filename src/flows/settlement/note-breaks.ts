/** Opens the breaks that a round finds about its payments, and closes those that it finds gone. */
import type { BreakDraft, BreakKind } from '../../domain/break';
import type { RentalId } from '../../domain/ids';
import type { Batch, SettleDeps } from './batch';

/** A transaction's look-ups that are used up are its report's difference, where it has one. */
interface About {
  readonly own: string;
  readonly report: string | null;
}

export interface Gone {
  readonly kind: BreakKind;
  readonly about: string;
}

/** @param into where it is noted what is to be opened, and what is to be closed. */
export function noteBreaks(
  before: readonly BreakKind[],
  drafts: readonly BreakDraft[],
  into: { readonly wanted: BreakDraft[]; readonly gone: Gone[]; readonly about: About },
): void {
  const { wanted, gone, about } = into;
  wanted.push(...drafts);
  const now = kindsOf(drafts);
  for (const kind of before) {
    if (now.includes(kind)) continue;
    const theirs = kind === 'unconfirmed-report' ? about.report : null;
    gone.push({ kind, about: theirs ?? about.own });
  }
}

export const kindsOf = (drafts: readonly BreakDraft[]): BreakKind[] => [
  ...new Set(drafts.map((draft) => draft.kind)),
];

/** What is wanted is not gone, whoever of its payments does not want it any more. */
export async function writeBreaks(
  deps: SettleDeps,
  batch: Batch,
  {
    wanted,
    gone: noted,
  }: { readonly wanted: readonly BreakDraft[]; readonly gone: readonly Gone[] },
): Promise<void> {
  const owner = deps.settings.breakOwner;
  const nameOf = ({ kind, about }: Gone): string => `${kind} ${about}`;
  const names = new Set(wanted.map(nameOf));
  const gone = noted.filter((one) => !names.has(nameOf(one)));
  if (wanted.length > 0) {
    const regionOf = ({ subjects }: BreakDraft): string | null =>
      subjects.flatMap((id) => batch.rentals.get(id as RentalId)?.region ?? [])[0] ?? null;
    await deps.breaks.open(
      wanted.map((draft) => ({ draft, region: regionOf(draft), owner, now: batch.now })),
    );
  }
  if (gone.length > 0) {
    const resolution = 'The difference is gone: later word about the payment settled it.';
    await deps.breaks.settle(
      gone.map((one) => ({ ...one, resolution, as: 'resolved' as const, now: batch.now })),
    );
  }
}
