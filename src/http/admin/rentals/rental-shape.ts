/** The shape `Rental`, in lists and alone; one rental adds what belongs to it. */
import { z } from 'zod';
import { TERMS, type Price } from '../../../domain/ledger/price';
import type { Rental, UnitClaim } from '../../../domain/rental';
import { UNIT_STATUSES } from '../../../domain/unit';
import type { RentalView } from '../../../flows/rentals/rental-view';
import type { RentalDetail } from '../../../flows/rentals/show-rental';
import { AuditShape, presentAudit } from '../access/audit-shape';
import { BoxShape, presentBox } from '../boxes/box-shape';
import { AgentOut, InstantOut, orNull, shown, shownOrNull } from '../fields';
import { PaymentShape, presentPayment } from '../payments/payment-shape';
import { EntryShape, presentEntry } from './entry-shape';
import { HoldShape, presentHold } from './hold-shape';
import { presentStanding, StandingShape } from './standing-shape';

const PriceOut = z
  .object({ amount: z.int(), term: z.enum(TERMS) })
  .meta({ id: 'Price', description: 'Whole L$ for each term.' });

const TenancyOut = z
  .object({ id: z.string(), tenant: AgentOut, startedAt: InstantOut.nullable() })
  .meta({ id: 'Tenancy', description: '`startedAt` null: no payment says yet when it began.' });

const ClaimOut = z
  .object({
    status: z.enum([...UNIT_STATUSES, 'unknown']),
    rentedUntil: InstantOut.nullable(),
    tenant: orNull(AgentOut),
    seenAt: InstantOut,
  })
  .meta({ id: 'ProviderClaim', description: 'What the provider claims; never the truth itself.' });

export const RentalShape = z
  .object({
    id: z.string(),
    name: z.string(),
    region: z.string(),
    parcel: z.string(),
    unitId: z.string().nullable(),
    verifiedBy: z.enum(['provider', 'box']),
    price: PriceOut,
    minimum: z.int().nullable(),
    graceHours: z.number().meta({ description: 'Its own, else the default of the estate.' }),
    boxId: z.string().nullable(),
    tenancy: orNull(TenancyOut),
    standing: StandingShape,
    provider: orNull(ClaimOut),
    createdAt: InstantOut,
  })
  .meta({ id: 'Rental' });

export const OneRentalShape = RentalShape.extend({
  terms: z.array(
    z.object({
      from: InstantOut,
      price: PriceOut,
      minimum: z.int().nullable(),
      graceHours: z.number().nullable(),
    }),
  ),
  refundable: z.int().meta({ description: 'Whole L$ that could be given back now.' }),
  ledger: z.array(EntryShape).meta({ description: 'Of the current tenancy, the latest 1,000.' }),
  payments: z.array(PaymentShape).meta({ description: 'The latest 100.' }),
  holds: z.array(HoldShape).meta({ description: 'Those that stand.' }),
  box: orNull(BoxShape),
  history: z.array(AuditShape).meta({ description: 'The latest 100 changes.' }),
}).meta({ id: 'OneRental' });

export function presentRental(view: RentalView): z.infer<typeof RentalShape> {
  const { rental, standing, terms, graceHours, startedAt } = view;
  const { id, name, region, parcel, unitId, verifiedBy, boxId, tenancy, claim } = rental;
  return {
    ...{ id, name, region, parcel, unitId, verifiedBy },
    price: presentPrice(terms.price),
    minimum: terms.minimum,
    graceHours,
    boxId,
    tenancy:
      tenancy === null
        ? null
        : { id: tenancy.id, tenant: tenancy.tenant, startedAt: shownOrNull(startedAt) },
    standing: presentStanding(standing),
    provider: claim === null ? null : presentClaim(claim),
    createdAt: shown(rental.createdAt),
  };
}

export function presentOneRental(detail: RentalDetail): z.infer<typeof OneRentalShape> {
  const { rental, now } = detail;
  return {
    ...presentRental(detail),
    terms: rental.terms.map(presentTerms),
    refundable: detail.refundable,
    ledger: detail.ledger.map(presentEntry),
    payments: detail.payments.map(presentPayment),
    holds: detail.holds.map(presentHold),
    box: detail.box === null ? null : presentBox(detail.box, now),
    history: detail.history.map(presentAudit),
  };
}

const presentPrice = ({ amount, term }: Price): z.infer<typeof PriceOut> => ({ amount, term });

const presentTerms = ({ from, price, minimum, graceHours }: Rental['terms'][number]) => ({
  from: shown(from),
  price: presentPrice(price),
  minimum,
  graceHours,
});

const presentClaim = (claim: UnitClaim): z.infer<typeof ClaimOut> => ({
  status: claim.status,
  rentedUntil: shownOrNull(claim.rentedUntil),
  tenant: claim.tenant,
  seenAt: shown(claim.seenAt),
});
