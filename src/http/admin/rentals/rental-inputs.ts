/** What may be sent about rentals: each field says what it refuses. */
import { z } from 'zod';
import { STAGES } from '../../../domain/standing';
import { TERMS } from '../../../domain/ledger/price';
import { parseHoldId, parseRentalId, parseUnitId } from '../../../domain/ids';
import { seconds } from '../../../domain/time';
import {
  AgentIn,
  asked,
  InstantIn,
  LindensIn,
  Name,
  PAGE,
  parsed,
  Reason,
  Search,
  text,
} from '../fields';

export const RentalParams = z.strictObject({ id: parsed(parseRentalId) });
export const HoldParams = z.strictObject({
  id: parsed(parseRentalId),
  holdId: parsed(parseHoldId),
});

export const RentalListQuery = z.strictObject({
  ...PAGE,
  standing: asked(
    z.enum(STAGES).meta({
      description:
        'Rentals at this stage. The stage is computed row by row: a page may hold fewer rows ' +
        'than `limit`, even none, and the list ends only where `next` is null.',
    }),
  ),
  region: asked(Name),
  q: asked(Search),
});

const PriceIn = z.strictObject({ amount: LindensIn, term: z.enum(TERMS) });
/** Up to ten years; fractions are allowed. */
const GraceIn = z.number().min(0).max(87_600).meta({ description: 'Hours; fractions allowed.' });
const Region = text(1, 100, 'As the grid spells it.');
const Parcel = text(0, 200, 'For people.');

export const NewRentalBody = z
  .strictObject({
    name: Name,
    region: Region,
    parcel: Parcel,
    unitId: parsed(parseUnitId).nullable().meta({ description: 'Null where its box verifies.' }),
    verifiedBy: z.enum(['provider', 'box']),
    price: PriceIn,
    minimum: LindensIn.nullable().default(null),
    graceHours: GraceIn.nullable().default(null).meta({ description: "Null = the estate's." }),
    tenant: AgentIn.nullable().default(null).meta({ description: 'Without one it is vacant.' }),
    startsAt: InstantIn.nullable().default(null).meta({ description: 'Default: now.' }),
    reason: Reason,
  })
  .refine(({ unitId, verifiedBy }) => (verifiedBy === 'box') === (unitId === null), {
    path: ['unitId'],
    error: 'A rental verified by the provider has a unit; one verified by its box has none.',
    when: fits(
      z.object({ unitId: z.string().nullable(), verifiedBy: z.enum(['provider', 'box']) }),
    ),
  })
  .refine(({ tenant, startsAt }) => tenant !== null || startsAt === null, {
    path: ['startsAt'],
    error: 'Only a rental with a tenant starts.',
    when: fits(z.object({ tenant: z.object({}).nullish(), startsAt: z.unknown() })),
  })
  .meta({ id: 'NewRental' });

export const TermsBody = z
  .strictObject({
    name: Name.optional(),
    parcel: Parcel.optional(),
    price: PriceIn.optional(),
    minimum: LindensIn.nullable().optional(),
    graceHours: GraceIn.nullable().optional(),
    reason: Reason,
  })
  .refine((body) => Object.keys(body).some((name) => name !== 'reason'), {
    error: 'Name at least one thing to change.',
  })
  .meta({ id: 'NewTerms' });

/** Ten years either way. */
const MOST_SECONDS = 315_360_000;

export const GrantBody = z
  .strictObject({
    seconds: z
      .int()
      .min(-MOST_SECONDS)
      .max(MOST_SECONDS)
      .refine((value) => value !== 0, 'A grant of no time is none.')
      .transform(seconds)
      .meta({ description: 'Negative for an adjustment only.' }),
    kind: z.enum(['granted', 'outage', 'adjustment']),
    reason: Reason,
  })
  .refine((body) => body.kind === 'adjustment' || body.seconds >= 0, {
    path: ['seconds'],
    error: 'Only an adjustment may take time.',
    when: fits(z.object({ kind: z.enum(['granted', 'outage', 'adjustment']), seconds: z.int() })),
  })
  .meta({ id: 'Grant' });

export const HoldBody = z
  .strictObject({
    reason: Reason,
    until: InstantIn.nullable()
      .default(null)
      .meta({ description: 'Default: after the days that the estate has set (HOLD_DAYS).' }),
  })
  .meta({ id: 'NewHold' });

export const TenancyBody = z
  .strictObject({ tenant: AgentIn, startsAt: InstantIn, reason: Reason })
  .meta({ id: 'NewTenancy' });

export const EndTenancyBody = z
  .strictObject({
    reason: Reason,
    force: z.boolean().default(false).meta({
      description: 'True: also while a payment is unresolved.',
    }),
  })
  .meta({ id: 'EndTenancy' });

/** A rule between fields is asked as soon as those fields are sound, so that no fault waits. */
function fits(schema: z.ZodType): (payload: { value: unknown }) => boolean {
  return ({ value }) => schema.safeParse(value).success;
}
