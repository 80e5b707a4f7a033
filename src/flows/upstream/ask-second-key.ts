/**
 * Asks for the word from outside about a rental whose limit has passed: the second key to overdue.
 */
import type { RentalId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import { limitOf, secondKeyAgrees, wordOf } from '../../domain/standing';
import { DAY_MS, forPeople, later, MINUTE_MS, plusMs, type Instant } from '../../domain/time';
import { ProviderUnavailable } from '../ports/provider-port';
import { isAway } from './provider-away';
import { readUnitNow, type UnitNowDeps } from './read-unit-now';
import { computeRentals } from '../refresh-rentals';
import { SECOND_KEY_AGAIN_MS, standingRules } from '../standing-rules';

/** After this long without a usable word a person is asked instead. */
const NO_WORD_MS = 7 * DAY_MS;
const AFTER_FAILURE_MS = 10 * MINUTE_MS;
/** Each lost race means that somebody else changed the same rental. */
const MOST_TRIES = 5;

export interface SecondKeyAsked {
  readonly unreachable: boolean;
}

/**
 * Fetches the unit and its transactions since its horizon; then hourly for as long as it stands
 * so. A provider that is away is not asked, and the rental has gone without a word once more.
 */
export async function askSecondKey(
  deps: UnitNowDeps,
  rental: Rental,
  provider: 'there' | 'away' = 'there',
): Promise<SecondKeyAsked> {
  const isTheirs = rental.verifiedBy === 'provider';
  let unreachable = isTheirs && provider === 'away';
  let isMissed = unreachable;
  if (isTheirs && !unreachable) {
    try {
      await readUnitNow(deps, rental);
    } catch (error) {
      if (!(error instanceof ProviderUnavailable)) throw error;
      deps.log.warn('second key not had', { rentalId: rental.id, error });
      isMissed = true;
      unreachable = await isAway(deps.provider);
    }
  }
  await noteAnswer(deps, rental.id, isMissed ? AFTER_FAILURE_MS : SECOND_KEY_AGAIN_MS);
  return { unreachable };
}

async function noteAnswer(deps: UnitNowDeps, id: RentalId, againMs: number): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const [row] = await computeRentals(deps, await deps.rentals.get([id]));
    if (row === undefined) return;
    const rental = row.fresh;
    const now = deps.clock.now();
    const limit = limitOf(rental, now, standingRules(deps.settings));
    const next = await answered(deps, { rental, limit, now, againMs });
    if ((await deps.rentals.save([next])).has(id)) return;
  }
}

/** What is noted of the question, once the break that goes with it is opened or closed. */
async function answered(
  deps: UnitNowDeps,
  at: {
    readonly rental: Rental;
    readonly limit: Instant | null;
    readonly now: Instant;
    readonly againMs: number;
  },
): Promise<Rental> {
  const { rental, limit, now, againMs } = at;
  if (limit === null || now < limit) {
    await closeNoWord(deps, rental, 'No word is needed: nothing has run out.');
    return { ...rental, noWordSince: null, secondKeyAt: limit };
  }
  const secondKeyAt = plusMs(now, againMs);
  if (isUsable(rental, limit, now)) {
    await closeNoWord(deps, rental, 'A usable word about the rental has come.');
    return { ...rental, noWordSince: null, secondKeyAt };
  }
  // What was missed before another payment moved the limit is over and done with.
  const noWordSince = later(rental.noWordSince ?? limit, limit);
  const times = Math.floor((now - noWordSince) / NO_WORD_MS);
  if (times > 0) await openNoWord(deps, rental, { limit, times });
  return { ...rental, noWordSince, secondKeyAt };
}

/**
 * A rental that was paid, or whose tenancy has ended, is not asked about before its next limit:
 * what was open about its last one is closed here.
 */
export async function closeNeedlessBreak(deps: UnitNowDeps, rental: Rental): Promise<void> {
  const now = deps.clock.now();
  const limit = limitOf(rental, now, standingRules(deps.settings));
  if (limit === null || now < limit) await noteAnswer(deps, rental.id, SECOND_KEY_AGAIN_MS);
}

function isUsable(rental: Rental, limit: Instant, now: Instant): boolean {
  if (secondKeyAgrees(rental, limit, now)) return true;
  if (rental.verifiedBy === 'box' || rental.claim === null) return false;
  return wordOf(rental.claim, limit, now) === 'shows-time';
}

async function closeNoWord(deps: UnitNowDeps, rental: Rental, resolution: string): Promise<void> {
  if (rental.noWordSince === null) return;
  const gone = { kind: 'no-usable-word', about: rental.id, resolution } as const;
  await deps.breaks.settle([{ ...gone, as: 'resolved', now: deps.clock.now() }]);
}

/**
 * Resolving it as `time-used-up` is the second key. Resolved otherwise, it is opened anew with the
 * next seven days: no rental is stuck without somebody seeing it (law 4).
 */
async function openNoWord(
  deps: UnitNowDeps,
  rental: Rental,
  { limit, times }: { readonly limit: Instant; readonly times: number },
): Promise<void> {
  const { settings, clock } = deps;
  const since = forPeople(limit, settings.zone);
  const draft = {
    kind: 'no-usable-word' as const,
    about: rental.id,
    fingerprint: `${limit}:${times}`,
    subjects: [rental.id],
    amount: null,
    seconds: null,
    text:
      `${rental.name} ran out on ${since} and nobody outside has said that its time is used up. ` +
      'Look at the parcel; resolve this as time-used-up to let it become overdue. Any other ' +
      'resolution protects the tenant until this is asked again, in seven days at most.',
  };
  const { breakOwner: owner } = settings;
  await deps.breaks.open([{ draft, region: rental.region, owner, now: clock.now() }]);
}
