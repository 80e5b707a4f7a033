/**
 * What a tierbox keeps in its linkset data: it outlives a reset, a restart and even a copy of the
 * object.
 */
import { z } from 'zod';

/** A payment, or a word that L$ were given back; `at` in Unix seconds, by the box's clock. */
const BoxEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('payment'),
    id: z.string(),
    payer: z.string(),
    name: z.string(),
    amount: z.number(),
    at: z.number(),
    ref: z.string().optional(),
  }),
  z.object({
    type: z.literal('returned'),
    id: z.string(),
    amount: z.number(),
    at: z.number(),
  }),
]);

/** Waits to be acknowledged. */
export type BoxEvent = z.output<typeof BoxEvent>;

export const memorySchema = z.object({
  boxId: z.string().nullable(),
  secret: z.string().nullable(),
  /** The one before, until the newer one has been accepted. */
  previousSecret: z.string().nullable(),
  /** Our clock is behind the server's by so many seconds, as it told us. */
  clockOffsetS: z.number(),
  /** The oldest first. */
  outbox: z.array(BoxEvent),
  /** Refused for good: kept for the owner to read, each with the code of its refusal. */
  dead: z.array(z.object({ event: BoxEvent, code: z.string() })),
});

export type BoxMemory = z.output<typeof memorySchema>;
export type DeadEvent = BoxMemory['dead'][number];

/** More events than this do not fit beside everything else. */
export const MOST_EVENTS = 256;
/** Above this the box takes no more payments, so that those it has are safe. */
export const EVENTS_TO_STOP_SELLING = 200;

export const emptyMemory = (): BoxMemory => ({
  boxId: null,
  secret: null,
  previousSecret: null,
  clockOffsetS: 0,
  outbox: [],
  dead: [],
});

/** What a copy of the object holds: the same, and its own from then on. */
export const copyOfMemory = (memory: BoxMemory): BoxMemory => structuredClone(memory);
