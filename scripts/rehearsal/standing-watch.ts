/**
 * Looks at every rental's standing all the time, as managers and as boxes see it; judges one
 * thing.
 */
import { ZodError } from 'zod';
import type { SimBox } from '../sim-box/sim-box';
import type { AdminClient } from './admin-client';
import type { Rightful } from './rightful';

export interface WatchedBox {
  readonly rentalId: string;
  readonly unitId: string | null;
  readonly box: SimBox;
}

export interface StandingWatch {
  /** Rentals that were shown as overdue while they were paid. */
  readonly overdueWhilePaid: ReadonlySet<string>;
  /** How often each rental's standing was seen, by either way. */
  readonly seen: { readonly byManager: ReadonlyMap<string, number>; readonly byBox: number };
  /** Throws where an answer could not be read. */
  stop(): Promise<void>;
}

const EVERY_MS = 100;
/** A box is told the second, not the millisecond. */
const SECOND_MS = 1_000;

interface Watched {
  readonly admin: Pick<AdminClient, 'rentals'>;
  readonly boxes: readonly WatchedBox[];
  readonly rightful: Rightful;
}

/** A service that does not answer is asked again: that it is away is no answer. */
export function watchStandings(watched: Watched): StandingWatch {
  const { overdueWhilePaid, seen, lookAsManager, lookAtBoxes } = createEyes(watched);
  let isStopped = false;
  let unreadable: unknown;
  const watching = (async () => {
    while (!isStopped) {
      lookAtBoxes();
      await lookAsManager().catch((error: unknown) => {
        if (error instanceof ZodError) unreadable ??= error;
      });
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  return {
    overdueWhilePaid,
    seen,
    async stop() {
      isStopped = true;
      await watching;
      if (unreadable !== undefined) throw unreadable;
    },
  };
}

function createEyes({ admin, boxes, rightful }: Watched) {
  const overdueWhilePaid = new Set<string>();
  const byManager = new Map<string, number>();
  const seen = { byManager, byBox: 0 };
  const told = new Map<SimBox, number>();
  const isPaid = (unitId: string | null, at: number): boolean =>
    unitId !== null && (rightful.before(unitId, at) ?? 0) > at;
  const lookAsManager = async (): Promise<void> => {
    for (const { id, unitId, standing } of await admin.rentals()) {
      byManager.set(id, (byManager.get(id) ?? 0) + 1);
      const { stage, asOf } = standing;
      if (stage === 'overdue' && isPaid(unitId, asOf)) overdueWhilePaid.add(id);
    }
  };
  const lookAtBoxes = (): void => {
    for (const { rentalId, unitId, box } of boxes) {
      const { standing } = box.state();
      if (standing === null || told.get(box) === standing.t) continue;
      told.set(box, standing.t);
      seen.byBox += 1;
      const from = standing.t * SECOND_MS;
      const wasPaid = unitId !== null && (rightful.before(unitId, from) ?? 0) > from + SECOND_MS;
      if (standing.stage === 'overdue' && wasPaid) overdueWhilePaid.add(rentalId);
    }
  };
  return { overdueWhilePaid, seen, lookAsManager, lookAtBoxes };
}
