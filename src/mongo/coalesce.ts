/** Lets calls that come at one time share one round trip; knows neither reads nor writes. */

export interface SharedWork<Item, Answer> {
  /**
   * Answers in the order of the items; when it throws, every caller of the batch gets the error.
   */
  readonly run: (items: readonly Item[]) => Promise<readonly Answer[]>;
  /** Items in one batch. */
  readonly most: number;
  /** Batches under way at once; more calls than they take wait for the next one. */
  readonly atOnce: number;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit. A call that finds a free place starts at once, with whoever else called in the same
 * turn of the event loop; while all places are taken, calls gather and go together in the next
 * batch. A call never joins a batch that has begun, so what it reads is no older than the call.
 */
export function coalesce<Item, Answer>(
  work: SharedWork<Item, Answer>,
): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let underWay = 0;
  let isStarting = false;

  const start = (): void => {
    isStarting = false;
    while (underWay < work.atOnce && waiting.length > 0) {
      const batch = waiting.slice(0, work.most);
      waiting = waiting.slice(work.most);
      underWay += 1;
      void answer(work, batch).finally(() => {
        underWay -= 1;
        start();
      });
    }
  };

  return (item) =>
    new Promise<Answer>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (isStarting || underWay >= work.atOnce) return;
      isStarting = true;
      queueMicrotask(start);
    });
}

/** Never rejects: every caller of the batch has been told. */
async function answer<Item, Answer>(
  work: SharedWork<Item, Answer>,
  batch: readonly Waiting<Item, Answer>[],
): Promise<void> {
  try {
    const answers = await work.run(batch.map((one) => one.item));
    if (answers.length !== batch.length) throw new Error('A batch was not answered whole.');
    batch.forEach((one, place) => one.resolve(answers[place]!));
  } catch (error) {
    for (const one of batch) one.reject(error);
  }
}

export interface SharedReads<Id extends string, Row extends { readonly _id: string }, Found> {
  /** In any order; what is not there is left out. */
  readonly read: (ids: readonly Id[]) => Promise<readonly Row[]>;
  /** What a caller gets of its row. When it throws, those who asked for that row get the error. */
  readonly open: (row: Row) => Found;
  readonly most: number;
  readonly atOnce: number;
}

/** Shared reads by id: of the callers that ask for one row, one round trip asks. */
export function coalesceReads<Id extends string, Row extends { readonly _id: string }, Found>({
  read,
  open,
  ...limits
}: SharedReads<Id, Row, Found>): (id: Id) => Promise<Found | null> {
  const rowOf = coalesce<Id, Row | null>({
    ...limits,
    async run(ids) {
      const found = new Map((await read([...new Set(ids)])).map((row) => [row._id, row]));
      return ids.map((id) => found.get(id) ?? null);
    },
  });
  // Opened outside the batch, so that one row which cannot be read harms no other caller.
  return async (id) => {
    const row = await rowOf(id);
    return row === null ? null : open(row);
  };
}
