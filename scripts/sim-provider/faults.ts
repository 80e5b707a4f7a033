/**
 * Every fault, its value and its unit, and the set that is in force; what each does is done
 * elsewhere.
 */
import { z } from 'zod';
import { unitIdSchema } from './bodies';

const rate = z.number().min(0).max(1).default(0);
const flag = z.boolean().default(false);

/**
 * Which units' time is changed: a share of them (0–1, chosen by the seed, at least one where the
 * share is above 0), or a list of units, each with its whole seconds.
 */
const timeChanges = z
  .union([
    z.number().min(0).max(1),
    z
      .array(z.strictObject({ unit: unitIdSchema, seconds: z.int().min(-1e9).max(1e9) }))
      .max(10_000),
  ])
  .default(0);

/**
 * Setting a set replaces the one before: what is not named is lifted, and `{}` lifts all. Rates and
 * shares are 0–1. The momentary ones act once, when they are set, in the order in which they stand
 * below; all others stay in force until they are lifted.
 */
export const faultsSchema = z.strictObject({
  // ── Processing ────────────────────
  /** Payments are accepted and stay `queued` (what is `processing` stays so) until it is lifted. */
  stall: flag,
  /**
   * Share of transactions that end as `failed`; under `stall`, of those that wait and that come in.
   */
  failRate: rate,
  /** Share of transactions that end as `suspended`; likewise. */
  suspendRate: rate,
  /**
   * Share of completed payments for which the unit's time rises twice; `creditedSeconds` says once.
   */
  doubleCredit: rate,
  /** Share of completed payments after which their unit falls to overdue at once. */
  resetOverdueOnPayment: rate,
  /**
   * How many transactions, and how many frames on the stream, may change places: each is drawn from
   * the next so many. A frame is held back for 250 ms at most. 0 and 1 keep the order.
   */
  reorderWindow: z.int().min(0).max(10_000).default(0),

  // ── REST (`/v1` only; `/sim` always answers) ────────────────────
  /**
   * Share of calls that end in 503, in 429 with `Retry-After`, or in a cut connection, before or
   * after the call was carried out.
   */
  restErrorRate: rate,
  /** Milliseconds by which each call is answered late, up to a minute. */
  restDelayMs: z.int().min(0).max(60_000).default(0),
  /** 501 for `PUT …/expiry` and `PUT …/lock`. */
  noExpiryCall: flag,

  // ── Stream ────────────────────
  /**
   * Sockets stay open and nothing is sent, no hello and no heartbeat. What falls into that time is
   * not made up for on a socket that lasts longer; a new subscription gets it.
   */
  silentStream: flag,
  /** Open sockets are closed without a word; new ones get 503 instead of an upgrade. */
  refuseStream: flag,
  /** Share of events sent twice, at once or some frames later. */
  duplicateRate: rate,
  /** Share of events never sent, not on a later subscription either; their numbers are used. */
  skipRate: rate,
  /** Share of events in whose place a frame is sent that is no JSON. */
  garbageRate: rate,

  // ── Momentary ────────────────────
  /**
   * `true`: the newer half of all changes is undone. A number: all changes of so many last seconds.
   * Older versions come back under a new stream id, and each transaction that was completed is
   * processed anew.
   */
  restoreBackup: z.union([z.boolean(), z.number().positive().max(1e9)]).default(false),
  /** The numbering starts anew under another id; sockets are closed with `bye` and 1012. */
  newStreamId: flag,
  /** How many of the queued transactions fail at once; fewer where fewer wait. */
  failNow: z.int().min(0).max(1_000_000).default(0),
  /** Everything queued, failed or suspended is processed to completion, also under `stall`. */
  drain: flag,
  /** Share of the paid units that fall to overdue: past, null or unchanged `rentedUntil`. */
  resetOverdue: rate,
  /**
   * Share of the paid units that lose 10–90 % of the time they have left; or a list with the loss.
   */
  partialReset: timeChanges,
  /**
   * Share of the let units whose time rises by 1–30 days with no transaction; or a list, with a
   * minus sign where time is taken.
   */
  editExpiry: timeChanges,
  /**
   * All sockets are dropped: cut, closed with 1012, or closed after a `bye`, as the seed has it.
   */
  dropStream: flag,
});

/** What may be set: any of the faults. */
export type FaultSet = z.input<typeof faultsSchema>;
/** All of them, each with a value. */
export type Faults = z.output<typeof faultsSchema>;

/**
 * The set in force, shared by all parts; `turn` counts the sets, so that chances differ between
 * them.
 */
export class FaultBoard {
  #now: Faults = faultsSchema.parse({});
  #turn = 0;

  get now(): Faults {
    return this.#now;
  }

  get turn(): number {
    return this.#turn;
  }

  set(faults: Faults): void {
    this.#now = faults;
    this.#turn += 1;
  }

  /** As at the start, so that the same seed gives the same chances again. */
  lift(): void {
    this.#now = faultsSchema.parse({});
    this.#turn = 0;
  }
}
