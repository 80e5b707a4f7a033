/**
 * Closes a break with a person's word; where that word is the second key, the rental takes it
 * first.
 */
import type { Break } from '../../domain/break';
import type { BreakId, RentalId } from '../../domain/ids';
import type { Instant } from '../../domain/time';
import type { Acting } from '../access/acting';
import { changeBreak, type BreakChanged, type ChangeBreakDeps } from './change-break';
import type { ChangeStart } from '../access/record-change';
import { refreshRentals, type RefreshDeps } from '../refresh-rentals';
import { conflict, type Conflict, type NotFound } from '../access/refusal';

/** Resolves a break `no-usable-word` so that it is the second key to overdue (law 4). */
const TIME_USED_UP = 'time-used-up';

const MOST_TRIES = 20;

export async function resolveBreak(
  deps: ChangeBreakDeps & RefreshDeps,
  input: { readonly id: BreakId; readonly resolution: string; readonly by: Acting },
): Promise<BreakChanged | NotFound | Conflict> {
  const { id, resolution, by } = input;
  return changeBreak(deps, {
    id,
    by,
    action: 'break-resolved',
    plan: (found, start) => resolved(found, { resolution, by, start }),
    first: async ({ found, rentalId }, { at }) => {
      if (resolution !== TIME_USED_UP || rentalId === null) return;
      if (isAboutNoWord(found, rentalId)) await turnSecondKey(deps, rentalId, at);
    },
  });
}

/** One that a person opened is about that request: seven days without a word are not behind it. */
function isAboutNoWord(found: Break, id: RentalId): boolean {
  return found.kind === 'no-usable-word' && found.about === id;
}

function resolved(
  found: Break,
  given: { readonly resolution: string; readonly by: Acting; readonly start: ChangeStart },
): Break | Conflict {
  const { resolution, by, start } = given;
  const { at, earlier } = start;
  if (found.state !== 'resolved') {
    return { ...found, state: 'resolved', resolution, resolvedAt: at, resolvedBy: by.author };
  }
  const own = earlier !== null && found.resolvedAt === at;
  return own ? found : conflict('This break is resolved already.');
}

async function turnSecondKey(
  deps: RefreshDeps,
  id: RentalId,
  timeUsedUpAt: Instant,
): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const [rental] = await deps.rentals.get([id]);
    if (rental === undefined || rental.timeUsedUpAt === timeUsedUpAt) return;
    if ((await deps.rentals.save([{ ...rental, timeUsedUpAt }])).has(id)) {
      await refreshRentals(deps, [id]);
      return;
    }
  }
  throw new Error(`The rental ${id} was changed by others ${MOST_TRIES} times over.`);
}
