/** Works through a list, some of it at once; what a failure means is its caller's to say. */

export interface AtOnce<Item> {
  /** Items under way at the same time. */
  readonly most: number;
  readonly work: (item: Item) => Promise<void>;
  /** Once true, nothing more is begun. */
  readonly isOver?: () => boolean;
}

/**
 * Once the work on one item fails, no other is begun; nothing is left under way when this ends.
 * @throws what the first failure threw.
 */
export async function workAtOnce<Item>(
  items: readonly Item[],
  { most, work, isOver = () => false }: AtOnce<Item>,
): Promise<void> {
  const waiting = [...items];
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      if (isOver()) return;
      try {
        await work(item);
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
    }
  };
  const lanes = Array.from({ length: Math.min(most, waiting.length) }, lane);
  for (const ended of await Promise.allSettled(lanes)) {
    if (ended.status === 'rejected') throw ended.reason;
  }
}
