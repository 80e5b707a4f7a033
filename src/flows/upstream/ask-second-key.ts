/**
 * Asks for the word from outside about a rental whose limit has passed: the second key to overdue.
 */
import type { RentalId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import { limitOf, secondKeyAgrees, wordOf } from '../../domain/standing';
import { DAY_MS, forPeople, HOUR_MS, MINUTE_MS, plusMs, type Instant } from '../../domain/time';
import { ProviderUnavailable } from '../ports/provider-port';
import { readUnitNow, type UnitNowDeps } from './read-unit-now';
import { computeRentals } from '../refresh-rentals';
import { standingRules } from '../standing-rules';

/** After this long without a usable word a person is asked instead. */
const NO_WORD_MS = 7 * DAY_MS;
const AGAIN_MS = HOUR_MS;
const AFTER_FAILURE_MS = 10 * MINUTE_MS;

export interface SecondKeyAsked {
  readonly unreachable: boolean;
}

/**
 * Fetches the unit and its transactions since its horizon; then hourly for as long as it stands
 * so.
 */
export async function askSecondKey(deps: UnitNowDeps, rental: Rental): Promise<SecondKeyAsked> {
  let unreachable = false;
  if (rental.verifiedBy === 'provider') {
    try {
      await readUnitNow(deps, rental);
    } catch (error) {
      if (!(error instanceof ProviderUnavailable)) throw error;
      unreachable = true;
    }
  }
  await noteAnswer(deps, rental.id, unreachable ? AFTER_FAILURE_MS : AGAIN_MS);
  return { unreachable };
}

async function noteAnswer(deps: UnitNowDeps, id: RentalId, againMs: number): Promise<void> {
  for (let tries = 0; tries < 5; tries += 1) {
    const [row] = await computeRentals(deps, await deps.rentals.get([id]));
    if (row === undefined) return;
    const rental = row.fresh;
    const now = deps.clock.now();
    const limit = limitOf(rental, now, standingRules(deps.settings));
    if (limit === null || now < limit) return;
    const usable = isUsable(rental, limit, now);
    const noWordSince = usable ? null : (rental.noWordSince ?? limit);
    await noteBreak(deps, rental, { noWordSince, limit });
    const next: Rental = { ...rental, noWordSince, secondKeyAt: plusMs(now, againMs) };
    if ((await deps.rentals.save([next])).has(id)) return;
  }
}

function isUsable(rental: Rental, limit: Instant, now: Instant): boolean {
  if (secondKeyAgrees(rental, limit, now)) return true;
  if (rental.verifiedBy === 'box' || rental.claim === null) return false;
  return wordOf(rental.claim, limit, now) === 'shows-time';
}

/**
 * Opened once the word has been missing for 7 days; resolving it as `time-used-up` is the second
 * key.
 */
async function noteBreak(
  deps: UnitNowDeps,
  rental: Rental,
  at: { readonly noWordSince: Instant | null; readonly limit: Instant },
): Promise<void> {
  const now = deps.clock.now();
  if (at.noWordSince === null) {
    if (rental.noWordSince === null) return;
    const resolution = 'A usable word about the rental has come.';
    const gone = { kind: 'no-usable-word' as const, about: rental.id, resolution };
    await deps.breaks.settle([{ ...gone, as: 'resolved', now }]);
    return;
  }
  if (now - at.noWordSince < NO_WORD_MS) return;
  const since = forPeople(at.limit, deps.settings.zone);
  const draft = {
    kind: 'no-usable-word' as const,
    about: rental.id,
    fingerprint: String(at.limit),
    subjects: [rental.id],
    amount: null,
    seconds: null,
    text:
      `${rental.name} ran out on ${since} and nobody outside has said that its time is used up. ` +
      'Look at the parcel; resolve this as time-used-up to let it become overdue.',
  };
  await deps.breaks.open([{ draft, region: rental.region, owner: deps.settings.breakOwner, now }]);
}
