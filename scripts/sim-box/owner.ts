/** What a box tells its owner: one message an hour at most, for the grid drops what is too much. */
import type { SimBoxOptions } from './sim-box';

const APART_S = 3_600;

export function createOwner({ clock, retryScale, tell }: SimBoxOptions) {
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    tell(text: string): void {
      if (clock.now() - toldAt < APART_S * 1_000 * retryScale) return;
      toldAt = clock.now();
      tell?.(text);
    },
  };
}
