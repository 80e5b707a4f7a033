/**
 * Tells a box how its rental stands, from one read of it; the words for the tenant are the door's.
 */
import { POLL_SECONDS } from '../../domain/box';
import { termsAt, type Terms } from '../../domain/ledger/price';
import type { Rental } from '../../domain/rental';
import type { Standing } from '../../domain/standing';
import type { VerifiedCall } from './box-caller';
import type { Log } from '../ports/log-port';
import type { Mint } from '../ports/mint-port';
import { noteEmptyOutbox } from './note-empty-outbox';
import type { RentalStore } from '../ports/money-ports';
import type { NonceStore } from '../ports/upkeep-ports';
import type { Wake } from '../ports/wake-port';

export interface StandingDeps {
  readonly rentals: Pick<RentalStore, 'one' | 'noteBoxClear'>;
  readonly nonces: NonceStore;
  readonly readStanding: (rental: Rental) => Promise<Standing>;
  readonly mint: Pick<Mint, 'fraction'>;
  readonly wake: Pick<Wake, 'seen'>;
  readonly log: Log;
}

export interface StandingView {
  readonly standing: Standing;
  /** As display name, any Unicode; null where the rental is vacant. */
  readonly tenantName: string | null;
  /** Payments seen, not yet credited. */
  readonly pending: number;
  readonly gate: 'open' | 'closed';
  /** Those in force now. */
  readonly terms: Terms;
  /** The secret on offer, where one is. */
  readonly nextSecret: string | null;
  readonly pollS: number;
}

export type StandingOutcome =
  { readonly kind: 'standing'; readonly view: StandingView } | { readonly kind: 'nonce' };

/** Always open: there is no switch yet by which an estate could close it. */
const GATE: StandingView['gate'] = 'open';

/** Boxes that were started together poll apart: between 90 and 110 % of the time. */
const POLL_JITTER = 0.2;

/** `outbox`: events waiting in the box; null where it did not say. */
export async function answerStanding(
  deps: StandingDeps,
  { call, outbox }: { readonly call: VerifiedCall; readonly outbox: number | null },
): Promise<StandingOutcome> {
  const { box, caller, now } = call;
  const nextSecret = box.nextSecret?.text ?? null;
  // Only this answer is worth repeating to somebody who listened, so only it is given once.
  if (nextSecret !== null && !(await deps.nonces.claim(box.id, caller.nonce, now))) {
    return { kind: 'nonce' };
  }
  const rental = await deps.rentals.one(box.rentalId);
  if (rental === null) throw new Error(`The rental ${box.rentalId} of ${box.id} is missing.`);
  if (outbox !== null) deps.wake.seen({ id: box.id, at: now, outbox });
  const standing = await deps.readStanding(rental);
  if (outbox === 0) {
    const { sentAtUnix } = caller;
    await noteEmptyOutbox(deps, { rental, boxId: box.id, standing, sentAtUnix, now });
  }
  const view: StandingView = {
    standing,
    tenantName: rental.tenancy?.tenant.name ?? null,
    pending: rental.cache?.pending ?? 0,
    gate: GATE,
    terms: termsAt(rental.terms, now),
    nextSecret,
    pollS: Math.round(POLL_SECONDS * (1 + POLL_JITTER * (deps.mint.fraction() - 0.5))),
  };
  return { kind: 'standing', view };
}
