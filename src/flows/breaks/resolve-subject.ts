/**
 * Which rental a subject of a break is about: by the id of a rental, box, tenancy, entry or
 * payment.
 */
import { RefusedValue } from '../../domain/brand';
import {
  parseBoxId,
  parseEntryId,
  parseRentalId,
  parseTenancyId,
  rentalOfTenancy,
  tenancyOfEntry,
  type RentalId,
} from '../../domain/ids';
import { paymentFacts } from '../../domain/payments/payment-view';
import type { Scope } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import type { ViewDeps } from '../payments/view-payments';
import { visiblePayment } from '../payments/visible-payment';
import { visibleRental } from '../rentals/visible-rental';

export interface Subject {
  /** The id under which it is kept: a payment's own where another of its names was given. */
  readonly id: string;
  readonly rentalId: RentalId | null;
  readonly region: string | null;
}

export type SubjectDeps = ViewDeps & Pick<EstatePorts, 'rentals' | 'boxes'>;

/** Null where nothing of that name is within reach. */
export async function resolveSubject(
  deps: SubjectDeps,
  { name, scope }: { readonly name: string; readonly scope: Scope },
): Promise<Subject | null> {
  const rentalId = await rentalNamed(deps, name);
  if (rentalId !== null) {
    const rental = await visibleRental(deps, { regions: scope.regions, id: rentalId });
    return rental === null ? null : { id: name, rentalId, region: rental.region };
  }
  const visible = await visiblePayment(deps, { regions: scope.regions, name });
  if (visible === null) return null;
  const facts = paymentFacts(visible.view);
  return { id: facts.id, rentalId: facts.rentalId, region: visible.region };
}

async function rentalNamed(deps: SubjectDeps, name: string): Promise<RentalId | null> {
  const boxId = accepted(parseBoxId, name);
  if (boxId !== null) return (await deps.boxes.one(boxId))?.rentalId ?? null;
  const tenancyId = accepted(parseTenancyId, name);
  if (tenancyId !== null) return rentalOfTenancy(tenancyId);
  const entryId = accepted(parseEntryId, name);
  if (entryId !== null) return rentalOfTenancy(tenancyOfEntry(entryId));
  return accepted(parseRentalId, name);
}

function accepted<Id>(parse: (text: string) => Id, text: string): Id | null {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof RefusedValue) return null;
    throw error;
  }
}
