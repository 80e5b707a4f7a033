/**
 * Takes in what the provider said of transactions and units, whoever heard it: transactions are
 * settled, units are kept, and a claim that differs from our ledger can ask for a resync.
 */
import { groupedBy } from '../../domain/grouping';
import type { RentalId, UnitId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import { compareUnit } from '../../domain/resync';
import { MINUTE_MS, plusMs, type Instant } from '../../domain/time';
import type { Statement, TransactionWord, Witness } from '../../domain/payments/transaction';
import type { UnitWord } from '../../domain/unit';
import {
  askWhereShort,
  placeOf,
  rentalsOfUnits,
  type KnownRentals,
  type Said,
} from './ask-where-short';
import { claimOfUnit } from './claim-of-unit';
import { notLeftToPeople, type ShortRental } from './left-to-people';
import { StorageUnavailable } from '../ports/money-ports';
import { settlePayments } from '../settle-payments';
import { workAtOnce } from '../work-at-once';
import type { SettleDeps } from '../settlement/batch';
import { PARTS_AT_ONCE, partsOf, type Part } from './parts-of-words';
import type { AsideStore, Unit, UnitStore } from '../ports/upkeep-ports';
import type { Wake } from '../ports/wake-port';

export interface TakeDeps extends SettleDeps {
  readonly units: UnitStore;
  readonly asides: AsideStore;
  readonly wake: Wake;
}

export interface WordsInput {
  readonly transactions: readonly TransactionWord[];
  readonly units: readonly UnitWord[];
  /**
   * Rank of the stream id under which they were said: of the one known when they were asked for.
   */
  readonly streamRank: number;
  readonly witness: Witness;
  /** Everything done to these units up to here has been seen. Absent: nothing new is known. */
  readonly currentThrough?: Instant;
  /**
   * For words that came unasked: a unit that differs from our ledger is noted for a resync. Absent:
   * the caller compares by itself; a resync that asked for the next one would never end.
   */
  readonly differences?: 'ask-for-resync';
}

/** A transaction that explains more time is likely on its way. */
const EXPLANATION_WAIT_MS = MINUTE_MS;
const MOST_EXCERPT = 2_000;
const MOST_NAMED = 20;

/**
 * Repeats and any order are harmless. When it returns, every word is stored, or, where one of them
 * alone fails for a reason that is ours, put aside for a person, so that it cannot hold up the
 * rest.
 *
 * @throws StorageUnavailable when the database cannot be asked; nothing is lost then.
 */
export async function takeWords(deps: TakeDeps, input: WordsInput): Promise<void> {
  const work = (part: Part): Promise<void> => takePart(deps, input, part);
  await workAtOnce(partsOf(input), { most: PARTS_AT_ONCE, work });
}

/**
 * What was said of a unit is compared with our ledger once its payments are in it. It is kept
 * before the rental is written, or read, for that: whoever hears of another payment of the unit
 * meanwhile reads its word once that is credited, so that one of the two always sees both. Credits
 * do not wait for it.
 */
async function takePart(deps: TakeDeps, input: WordsInput, part: Part): Promise<void> {
  const { witness, streamRank, differences } = input;
  const { transactions, units } = part;
  const kept: UnitWord[] = [];
  const known = new Map<UnitId, Rental>();
  let keeping: Promise<void> | null = null;
  const keep = (): Promise<void> =>
    (keeping ??= takeEach(deps, { words: units, witness }, async (some) => {
      await keepUnits(deps, input, some);
      kept.push(...some);
    }));
  await takeEach(deps, { words: transactions, witness }, async (some) => {
    const statements = statementsOf(deps, input, some);
    const settled = await settlePayments(deps, { statements, beforeRefresh: keep });
    for (const rental of settled.fresh.values()) {
      if (rental.unitId !== null) known.set(rental.unitId, rental);
    }
  });
  await keep();
  await takeEach(deps, { words: kept, witness }, (some) => noteUnits(deps, input, { some, known }));
  if (differences !== 'ask-for-resync') return;
  const compared = new Set(units.map(({ unitId }) => unitId));
  const rest = transactions.filter(({ unitId }) => !compared.has(unitId));
  const short = await askWhereShort(
    deps,
    rest.map((word) => ({ ...word, streamRank })),
    known,
  );
  if (short.length > 0) deps.wake.resync(short);
}

/** All at once; when that fails, each alone. */
async function takeEach<Word extends object>(
  deps: TakeDeps,
  { words, witness }: { readonly words: readonly Word[]; readonly witness: Witness },
  take: (some: readonly Word[]) => Promise<unknown>,
): Promise<void> {
  if (words.length === 0) return;
  try {
    await take(words);
  } catch (error) {
    if (error instanceof StorageUnavailable) throw error;
    if (words.length > 1) {
      for (const word of words) await takeEach(deps, { words: [word], witness }, take);
      return;
    }
    const excerpt = JSON.stringify(words[0]).slice(0, MOST_EXCERPT);
    const fault = error instanceof Error ? error.message : String(error);
    deps.log.error('word of the provider could not be taken', { error, witness, excerpt });
    await deps.asides.put([{ at: deps.clock.now(), from: witness, seq: null, fault, excerpt }]);
  }
}

function statementsOf(
  deps: TakeDeps,
  { streamRank, witness }: WordsInput,
  words: readonly TransactionWord[],
): Statement[] {
  const seenAt = deps.clock.now();
  return words.map((word) => ({ ...word, streamRank, witness, seenAt }));
}

function keepUnits(deps: TakeDeps, input: WordsInput, words: readonly UnitWord[]): Promise<void> {
  const { streamRank, currentThrough = null } = input;
  const seenAt = deps.clock.now();
  return deps.units.keep(words.map((word) => ({ word, streamRank, seenAt, currentThrough })));
}

/**
 * Units are read here, since others may have kept a later word before they could see the rental as
 * it is now. A resync is asked for before the claim is noted beside its rental: a process that dies
 * between the two hears the word again, since nothing that covers it was stored.
 */
async function noteUnits(
  deps: TakeDeps,
  input: WordsInput,
  { some, known }: { readonly some: readonly UnitWord[]; readonly known: KnownRentals },
): Promise<void> {
  const { streamRank } = input;
  const unitIds = some.map(({ unitId }) => unitId);
  const rentals = await rentalsOfUnits(deps, unitIds, known);
  if (rentals.length === 0) return;
  const units = new Map((await deps.units.get(unitIds)).map((unit) => [unit.unitId, unit]));
  if (input.differences === 'ask-for-resync') {
    const said = input.transactions.map((word) => ({ ...word, streamRank }));
    await askWhereDifferent(deps, { rentals, units, saidOf: groupedBy(said, unitOf) });
  }
  const ours = rentals.flatMap(({ unitId }) => {
    const unit = unitId === null ? undefined : units.get(unitId);
    return unit === undefined ? [] : [[unit.unitId, claimOfUnit(unit)] as const];
  });
  await deps.rentals.noteClaims(new Map(ours), rentals);
}

async function askWhereDifferent(
  deps: TakeDeps,
  heard: {
    readonly rentals: readonly Rental[];
    readonly units: ReadonlyMap<UnitId, Unit>;
    readonly saidOf: ReadonlyMap<UnitId, readonly Said[]>;
  },
): Promise<void> {
  const now = deps.clock.now();
  const more: RentalId[] = [];
  const short: ShortRental[] = [];
  const less: RentalId[] = [];
  for (const rental of heard.rentals) {
    const unit = rental.unitId === null ? undefined : heard.units.get(rental.unitId);
    if (unit === undefined || placeOf(unit, heard.saidOf.get(unit.unitId)) === 'behind') continue;
    const found = compareUnit(rental, unit, now);
    if (found.kind === 'long') more.push(rental.id);
    else if (found.kind === 'short') short.push({ rental, ours: found.ours });
    else if (found.kind !== 'in-step') less.push(rental.id);
  }
  less.push(...(await notLeftToPeople(deps, short)));
  if (more.length + less.length === 0) return;
  deps.log.info('units differ from the ledger', {
    ...{ lessTime: less.length, moreTime: more.length },
    rentalIds: [...less, ...more].slice(0, MOST_NAMED),
  });
  if (more.length > 0) await deps.rentals.askResync(more, plusMs(now, EXPLANATION_WAIT_MS));
  if (less.length === 0) return;
  await deps.rentals.askResync(less, now);
  deps.wake.resync(less);
}

const unitOf = ({ unitId }: Said): UnitId => unitId;
