/** Makes one change of a person's to one rental, recorded and by compare-and-set; plans nothing. */
import type { RentalId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import type { Acting } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import { startChange, recordChange, type ChangeStart } from '../access/record-change';
import { conflict, NOT_FOUND, type Conflict, type NotFound } from '../access/refusal';
import { visibleRental } from './visible-rental';

export type ChangeRentalDeps = Pick<
  EstatePorts,
  'rentals' | 'audit' | 'digest' | 'clock' | 'hints'
>;

/** `made`: the rental is as asked already. */
export type RentalPlan<Refusal> =
  | {
      readonly kind: 'change';
      readonly rental: Rental;
      readonly before: unknown;
      readonly after: unknown;
    }
  | { readonly kind: 'made' }
  | Refusal;

export interface RentalChange<Refusal> {
  readonly id: RentalId;
  readonly by: Acting;
  readonly action: string;
  /** Decides from the rental as it stands; asked again where somebody else changed it meanwhile. */
  readonly plan: (rental: Rental, start: ChangeStart) => RentalPlan<Refusal>;
}

const MOST_TRIES = 10;

export async function changeRental<Refusal extends { readonly kind: string }>(
  deps: ChangeRentalDeps,
  change: RentalChange<Refusal>,
): Promise<{ readonly kind: 'changed'; readonly rental: Rental } | NotFound | Conflict | Refusal> {
  const { id, by, action, plan } = change;
  const start = await startChange(deps, { by, subject: id, action });
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const rental = await visibleRental(deps, { regions: by.regions, id });
    if (rental === null) return NOT_FOUND;
    const planned = plan(rental, start);
    if (isMade(planned)) return { kind: 'changed', rental };
    if (!isChange(planned)) return planned;
    const { before, after } = planned;
    const { region } = rental;
    await recordChange(deps, { by, subject: id, region, action, at: start.at, before, after });
    const saved = await deps.rentals.save([planned.rental]);
    if (saved.has(id)) {
      const { boxId, rev } = planned.rental;
      if (boxId !== null) deps.hints.hint([boxId]);
      return { kind: 'changed', rental: { ...planned.rental, rev: rev + 1 } };
    }
  }
  return conflict('This rental is being changed by others at this moment; try again.');
}

type Planned = Extract<RentalPlan<never>, { readonly kind: 'change' }>;

function isChange<Refusal extends { readonly kind: string }>(
  plan: RentalPlan<Refusal>,
): plan is Planned {
  return plan.kind === 'change';
}

function isMade<Refusal extends { readonly kind: string }>(
  plan: RentalPlan<Refusal>,
): plan is { readonly kind: 'made' } {
  return plan.kind === 'made';
}
