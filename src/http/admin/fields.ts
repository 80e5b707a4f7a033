/**
 * The fields that calls and answers share: texts, instants, ids, paging; each says what it
 * refuses.
 */
import { z } from 'zod';
import { RefusedValue } from '../../domain/brand';
import { MAX_LINDENS, lindens } from '../../domain/money';
import { parseInstant, toRfc3339, type Instant } from '../../domain/time';
import { parseAgentKey } from '../../domain/ids';

/** A parser of the domain as a schema: its sentence becomes the fault. */
export const parsed = <T>(parse: (text: string) => T, meta: Meta = {}) =>
  z
    .string()
    .max(1_000)
    .transform((text, context): T => {
      try {
        return parse(text);
      } catch (error) {
        if (!(error instanceof RefusedValue)) throw error;
        context.addIssue({ code: 'custom', message: error.message });
        return z.NEVER;
      }
    })
    .meta(meta);

type Meta = { readonly description?: string; readonly format?: string; readonly example?: string };

/** Counted as people count: one for each code point; no U+0000, no half of a surrogate pair. */
export const text = (least: number, most: number, description: string) =>
  z
    .string()
    .max(most * 4)
    .trim()
    .refine((value) => !/[\0\p{Surrogate}]/u.test(value), 'This holds a character that is none.')
    .refine(
      (value) => [...value].length >= least && [...value].length <= most,
      `This must have ${least} to ${most} characters.`,
    )
    .meta({ description, minLength: least, maxLength: most });

export const Reason = text(3, 500, 'Why; it is kept with the name of the key.');
/** Imports, sweeps and rechecks may do without. */
export const OptionalReason = Reason.nullable().default(null);
export const WithReason = z.strictObject({ reason: Reason }).meta({ id: 'WithReason' });

export const Name = text(1, 200, 'For people.');

export const InstantIn = parsed(parseInstant, {
  format: 'date-time',
  description: 'RFC 3339 with a zone.',
  example: '2026-03-01T12:00:00Z',
});

export const AgentIn = z.strictObject({
  key: parsed(parseAgentKey, { format: 'uuid' }),
  name: text(0, 200, 'Display name; may be empty.').default(''),
});

export const LindensIn = z
  .int()
  .min(1)
  .max(MAX_LINDENS)
  .transform(lindens)
  .meta({ description: 'Whole L$.' });

/** A field of a query that may be left out; it is null then. */
export const asked = <Schema extends z.ZodType>(schema: Schema) =>
  schema.optional().transform((value): NonNullable<typeof value> | null => value ?? null);

/** Every list: a page of at most 200 and where to go on. */
export const PAGE = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'A whole number from 1 to 200.')
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= 200, 'A whole number from 1 to 200.')
    .default(50)
    .meta({ description: 'Rows in a page, 1 to 200.' }),
  cursor: asked(
    z.string().min(1).max(1_000).meta({ description: 'The `next` of the page before.' }),
  ),
};

/** A text to search for. */
export const Search = text(1, 200, 'Part of a text; case does not count.');

export const InstantOut = z.string().meta({ format: 'date-time', description: 'RFC 3339 UTC.' });
export const AgentOut = z.object({ key: z.string(), name: z.string() }).meta({ id: 'Agent' });

export const shown = (at: Instant): string => toRfc3339(at);
export const shownOrNull = (at: Instant | null): string | null =>
  at === null ? null : toRfc3339(at);

/** `{data, next}`; `next` null = the end. */
export const listOf = <Shape extends z.ZodType>(shape: Shape) =>
  z.object({
    data: z.array(shape),
    next: z.string().nullable().meta({ description: 'Cursor of the next page; null = the end.' }),
  });

/** A named shape or null; `nullable()` would make the named shape itself nullable everywhere. */
export const orNull = <Shape extends z.ZodType>(shape: Shape) => z.union([shape, z.null()]);
