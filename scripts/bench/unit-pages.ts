/** The provider's units, page by page, as seeds of our rentals; flat in memory. */
import { z } from 'zod';
import { lindens } from '../../src/domain/money';
import { parseAgentKey } from '../../src/domain/ids';
import { parseInstant } from '../../src/domain/time';
import type { LetUnit } from './estate';

const pageSchema = z.object({
  next: z.string().nullable(),
  data: z.array(
    z.object({
      id: z.string(),
      version: z.int(),
      tenant: z.object({ key: z.string().transform(parseAgentKey), name: z.string() }).nullable(),
      rentedUntil: z.string().transform(parseInstant).nullable(),
      price: z.int().transform(lindens),
      term: z.enum(['day', 'week', 'month']),
    }),
  ),
});

export async function* unitPages(provider: {
  readonly url: string;
  readonly token: string;
}): AsyncGenerator<readonly LetUnit[]> {
  let cursor: string | null = null;
  do {
    const place: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await fetch(`${provider.url}/v1/units?limit=500${place}`, {
      headers: { authorization: `Bearer ${provider.token}` },
    });
    const page = pageSchema.parse(await answer.json());
    yield page.data.map(({ price, term, ...unit }) => ({
      ...unit,
      price: { amount: price, term },
    }));
    cursor = page.next;
  } while (cursor !== null);
}
