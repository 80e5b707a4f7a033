/** Which boxes are not hinted for a while, because nobody is reached there; sends nothing. */
import type { Box } from '../../domain/box';
import type { BoxId } from '../../domain/ids';
import { plusMs, type Instant } from '../../domain/time';
import type { Clock } from '../../flows/ports/clock';

export type HintedBox = Pick<Box, 'id' | 'url'>;

export interface HintPauses {
  isPaused(box: HintedBox): boolean;
  noteFailed(box: HintedBox): void;
  noteReached(box: HintedBox): void;
}

interface Failing {
  readonly url: string | null;
  /** In a row. */
  readonly failures: number;
  readonly until: Instant;
}

const FAILURES_FORGIVEN = 2;
const FIRST_PAUSE_MS = 60_000;
const MOST_PAUSE_MS = 3_600_000;
const MOST_KEPT = 10_000;

/**
 * From the third failure in a row on, a pause that doubles from a minute to an hour: each hint to
 * nobody holds a place that other boxes wait for. A box that comes back gives a new address in its
 * hello, and that begins anew. Kept in memory: nothing rests on hints.
 */
export function createHintPauses({ now }: Pick<Clock, 'now'>, mostKept = MOST_KEPT): HintPauses {
  const failing = new Map<BoxId, Failing>();
  const of = ({ id, url }: HintedBox): Failing | null => {
    const kept = failing.get(id);
    return kept === undefined || kept.url !== url ? null : kept;
  };
  return {
    isPaused(box) {
      const kept = of(box);
      return kept !== null && now() < kept.until;
    },
    noteFailed(box) {
      const failures = (of(box)?.failures ?? 0) + 1;
      // Taken out and put in again: the one that is forgotten first is the one that is quiet.
      failing.delete(box.id);
      failing.set(box.id, { url: box.url, failures, until: plusMs(now(), pauseMs(failures)) });
      const [oldest] = failing.keys();
      if (failing.size > mostKept && oldest !== undefined) failing.delete(oldest);
    },
    noteReached(box) {
      failing.delete(box.id);
    },
  };
}

function pauseMs(failures: number): number {
  const pauses = failures - FAILURES_FORGIVEN;
  // 2 ** 6 minutes are past the ceiling already.
  return pauses < 1 ? 0 : Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(pauses - 1, 6));
}
