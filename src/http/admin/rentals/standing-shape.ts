/** The shape `Standing`: what we claim about a rental at an instant, and why. */
import { z } from 'zod';
import { REASON_CODES, STAGES, type Standing } from '../../../domain/standing';
import { InstantOut, shown, shownOrNull } from '../fields';

export const StandingShape = z
  .object({
    stage: z.enum(STAGES).meta({ description: '`safe` = protected: something forbids `overdue`.' }),
    paidUntil: InstantOut.nullable(),
    limit: InstantOut.nullable().meta({
      description: 'Before this instant nothing becomes overdue: possibly-paid-until plus grace.',
    }),
    reasons: z.array(z.object({ code: z.enum(REASON_CODES), text: z.string() })),
    asOf: InstantOut,
  })
  .meta({ id: 'Standing' });

export const presentStanding = (standing: Standing): z.infer<typeof StandingShape> => ({
  stage: standing.stage,
  paidUntil: shownOrNull(standing.paidUntil),
  limit: shownOrNull(standing.limit),
  reasons: standing.reasons.map(({ code, text }) => ({ code, text })),
  asOf: shown(standing.asOf),
});
