/** Walks a paged list from its first page to its end, as a reader of the API would. */
import type { Listing, ListInput } from '../../src/flows/ports/money-ports';

const MOST_PAGES = 1000;

/** All rows, in pages of `limit`; fails where a page is too long, or the list never ends. */
export async function walk<Row>(
  list: (input: ListInput) => Promise<Listing<Row>>,
  limit: number,
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page: Listing<Row> = await list({ limit, cursor });
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    rows.push(...page.rows);
    if (page.next === null) return rows;
    cursor = page.next;
  }
  throw new Error('The list has no end.');
}

/** `count` numbers from 0 in an order that looks random and is the same in each run. */
export function shuffled(count: number, seed = 1): number[] {
  let state = seed;
  const drawn = Array.from({ length: count }, (_, index) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return { index, state };
  });
  return drawn.sort((a, b) => a.state - b.state).map(({ index }) => index);
}
