/** The shape `Break`: a difference that no rule could settle, with its age and owner. */
import { z } from 'zod';
import { BREAK_KINDS, type Break } from '../../../domain/break';
import { InstantOut, shown, shownOrNull } from '../fields';

export const BREAK_STATES = ['open', 'proposed', 'resolved'] as const;

export const BreakShape = z
  .object({
    id: z.string(),
    kind: z.enum(BREAK_KINDS),
    state: z.enum(BREAK_STATES),
    subjects: z.array(z.string()),
    amount: z.int().nullable(),
    seconds: z.int().nullable(),
    text: z.string().meta({ description: 'What differs, and what can be done.' }),
    openedAt: InstantOut,
    dueAt: InstantOut,
    owner: z.string(),
    comments: z.array(z.object({ at: InstantOut, author: z.string(), text: z.string() })),
    resolution: z.string().nullable(),
    resolvedAt: InstantOut.nullable(),
    resolvedBy: z.string().nullable(),
  })
  .meta({ id: 'Break' });

export const presentBreak = (one: Break): z.infer<typeof BreakShape> => ({
  id: one.id,
  kind: one.kind,
  state: one.state,
  subjects: [...one.subjects],
  amount: one.amount,
  seconds: one.seconds,
  text: one.text,
  openedAt: shown(one.openedAt),
  dueAt: shown(one.dueAt),
  owner: one.owner,
  comments: one.comments.map(({ at, author, text }) => ({ at: shown(at), author, text })),
  resolution: one.resolution,
  resolvedAt: shownOrNull(one.resolvedAt),
  resolvedBy: one.resolvedBy,
});
