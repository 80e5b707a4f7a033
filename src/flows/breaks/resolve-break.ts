/**
 * Closes a break with a person's word; where that word is the second key, the rental takes it
 * first.
 */
import { WAITS_FOR_DECISION, type Break } from '../../domain/break';
import type { BreakId, RentalId, ReportId, TxId } from '../../domain/ids';
import { isOpenReport, isOpenTransaction } from '../../domain/payments/payment';
import type { Instant } from '../../domain/time';
import type { Acting } from '../access/acting';
import { changeBreak, type BreakChanged, type ChangeBreakDeps } from './change-break';
import type { ChangeStart } from '../access/record-change';
import { refreshRentals, type RefreshDeps } from '../refresh-rentals';
import { conflict, type Conflict, type NotFound } from '../access/refusal';

/** Resolves a break `no-usable-word` so that it is the second key to overdue (law 4). */
const TIME_USED_UP = 'time-used-up';

const MOST_TRIES = 20;

const UNDECIDED =
  'The payment that this break is about is undecided. Decide it first, as confirmed, assigned, ' +
  'linked, refunded or dismissed; what is then still open can be resolved.';

export async function resolveBreak(
  deps: ChangeBreakDeps & RefreshDeps,
  input: { readonly id: BreakId; readonly resolution: string; readonly by: Acting },
): Promise<BreakChanged | NotFound | Conflict> {
  const { id, resolution, by } = input;
  return changeBreak(deps, {
    id,
    by,
    action: 'break-resolved',
    plan: async (found, start) =>
      found.state !== 'resolved' && (await isUndecided(deps, found))
        ? conflict(UNDECIDED)
        : resolved(found, { resolution, by, start }),
    first: async ({ found, rentalId }, { at }) => {
      if (resolution !== TIME_USED_UP || rentalId === null) return;
      if (isAboutNoWord(found, rentalId)) await turnSecondKey(deps, rentalId, at);
    },
  });
}

/** One that a person opened is about that request, and about no payment. */
async function isUndecided(deps: RefreshDeps, { kind, about }: Break): Promise<boolean> {
  if (!WAITS_FOR_DECISION.has(kind)) return false;
  const [txs, reports] = await Promise.all([
    deps.transactions.get([about as TxId]),
    deps.reports.get([about as ReportId]),
  ]);
  return txs.some(isOpenTransaction) || reports.some(isOpenReport);
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
