/** Tells boxes that there is news for them; never the only path: each box polls by itself. */
import type { Box } from '../../domain/box';
import type { BoxId } from '../../domain/ids';

export interface Hints {
  /** These boxes poll soon; dropped without harm when too much is waiting. */
  hint(boxIds: readonly BoxId[]): void;
}

/** Where hints may go: `public` addresses only, or `any`, for a grid inside one's own network. */
export const HINT_REACHES = ['public', 'any', 'off'] as const;
export type HintReach = (typeof HINT_REACHES)[number];

export interface HintSender {
  /** Never throws: a box that does not hear polls by itself before long. */
  send(box: Box): Promise<void>;
}
