/** Opaque cursors of lists: where the page before ended, and under which filter. */
import { z } from 'zod';
import { Refusal } from './refusal';

const transactionCursor = z.strictObject({
  o: z.int().min(0),
  u: z.string().max(128).nullable(),
});
const unitCursor = z.strictObject({ i: z.string().max(128), a: z.int().nullable() });

/** The filter travels in the cursor, so that a page cannot be continued under another one. */
export const transactionCursors = {
  write: (ordinal: number, unit: string | null): string => encode({ o: ordinal, u: unit }),
  read: (cursor: string) => decode(transactionCursor, cursor),
};

export const unitCursors = {
  write: (afterId: string, updatedAfter: number | null): string =>
    encode({ i: afterId, a: updatedAfter }),
  read: (cursor: string) => decode(unitCursor, cursor),
};

const encode = (position: object): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

function decode<Shape extends z.ZodType>(schema: Shape, cursor: string): z.output<Shape> {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new Refusal(400, 'This is not a cursor of this list.', [
      { path: '/cursor', message: 'must be the `next` of the page before' },
    ]);
  }
}
