/**
 * Changes what a rental is called and what holds from now on; terms that held stay in the history.
 */
import type { RentalId } from '../../domain/ids';
import type { Lindens } from '../../domain/money';
import { termsAt, type Price, type Terms } from '../../domain/ledger/price';
import type { Rental } from '../../domain/rental';
import { later, type Instant } from '../../domain/time';
import type { Acting } from '../access/acting';
import { changeRental, type ChangeRentalDeps } from './change-rental';
import { refreshRentals, type RefreshDeps } from '../refresh-rentals';
import { conflict, type Conflict, type NotFound } from '../access/refusal';

/** What is left out stays as it is; null takes a minimum or an own grace away. */
export interface NewTerms {
  readonly name?: string | undefined;
  readonly parcel?: string | undefined;
  readonly price?: Price | undefined;
  readonly minimum?: Lindens | null | undefined;
  readonly graceHours?: number | null | undefined;
}

export type ChangeTerms =
  { readonly kind: 'changed'; readonly rental: Rental } | NotFound | Conflict;

const MOST_TERMS = 500;

export async function changeTerms(
  deps: ChangeRentalDeps & RefreshDeps,
  input: { readonly rentalId: RentalId; readonly change: NewTerms; readonly by: Acting },
): Promise<ChangeTerms> {
  const { rentalId, change, by } = input;
  const outcome = await changeRental<Conflict>(deps, {
    id: rentalId,
    by,
    action: 'terms-changed',
    plan: (rental, { at }) => {
      const changed = withTerms(rental, change, at);
      if (changed.terms.length > MOST_TERMS) {
        return conflict(`The terms of a rental can change ${MOST_TERMS} times.`);
      }
      const [before, after] = [shownTerms(rental, at), shownTerms(changed, at)];
      if (JSON.stringify(before) === JSON.stringify(after)) return { kind: 'made' };
      return { kind: 'change', rental: changed, before, after };
    },
  });
  if (outcome.kind !== 'changed') return outcome;
  await refreshRentals(deps, [rentalId]);
  const [rental] = await deps.rentals.get([rentalId]);
  return { kind: 'changed', rental: rental ?? outcome.rental };
}

function withTerms(rental: Rental, change: NewTerms, at: Instant): Rental {
  const held = termsAt(rental.terms, at);
  const from = later(at, rental.terms.at(-1)?.from ?? at);
  const terms: Terms = {
    from,
    price: change.price ?? held.price,
    minimum: change.minimum === undefined ? held.minimum : change.minimum,
    graceHours: change.graceHours === undefined ? held.graceHours : change.graceHours,
  };
  return {
    ...rental,
    name: change.name ?? rental.name,
    parcel: change.parcel ?? rental.parcel,
    terms: isSame(terms, held) ? rental.terms : [...rental.terms, terms],
  };
}

function isSame(a: Terms, b: Terms): boolean {
  return (
    a.price.amount === b.price.amount &&
    a.price.term === b.price.term &&
    a.minimum === b.minimum &&
    a.graceHours === b.graceHours
  );
}

function shownTerms({ name, parcel, terms }: Rental, at: Instant): object {
  const { price, minimum, graceHours } = terms.at(-1) ?? termsAt(terms, at);
  return { name, parcel, price, minimum, graceHours };
}
