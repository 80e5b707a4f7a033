/** Has every box's secrets sealed under the newest key, and says when older keys may be dropped. */
import type { BoxId } from '../../domain/ids';
import { MINUTE_MS } from '../../domain/time';
import { sleep, type Clock } from '../ports/clock';
import type { Log } from '../ports/log-port';

/** The boxes' secrets as they lie in the store. */
export interface SecretsAtRest {
  /**
   * Seals anew what another key than the newest has sealed, of at most `most` boxes behind `after`
   * in order of id (null = from the first). May be repeated, by any number of processes at once.
   */
  sealAnew(after: BoxId | null, most: number): Promise<SealedAnew>;
}

export interface SealedAnew {
  /** Boxes looked at. */
  readonly seen: number;
  /** Boxes written. */
  readonly sealed: number;
  /** Boxes that somebody else wrote at that moment: they are to be looked at again. */
  readonly raced: number;
  /** Boxes with a secret that no key opens; it stays as it is, should its key come back. */
  readonly unopened: readonly BoxId[];
  /** Behind which box to go on; null = that was the last. */
  readonly next: BoxId | null;
}

export interface SealAnewDeps {
  readonly secretsAtRest: SecretsAtRest;
  readonly clock: Clock;
  readonly log: Log;
}

const TOGETHER = 200;
/** Between batches that wrote: boxes that call go first. */
const PAUSE_MS = 50;
const TOLD_EVERY = 10_000;
const MOST_ROUNDS = 5;
const MOST_FAILURES = 10;
const MOST_NAMED = 10;

/** Never rejects, and ends soon when `signal` aborts; the next start goes on where it stopped. */
export async function sealSecretsAnew(deps: SealAnewDeps, signal: AbortSignal): Promise<void> {
  const { log } = deps;
  let sealed = 0;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const sum = await goThrough(deps, signal);
    if (sum === null) return;
    sealed += sum.sealed;
    if (sum.raced > 0) continue;
    const { seen: boxes, unopened, some } = sum;
    if (unopened > 0) log.error('boxes hold secrets that no key opens', { boxes: unopened, some });
    log.info('box secrets stand under the first key', { boxes, sealed });
    return;
  }
  log.warn('box secrets are being written: the next start seals the rest anew', { sealed });
}

interface Sum {
  seen: number;
  sealed: number;
  raced: number;
  unopened: number;
  /** The first few of those with a secret that no key opens. */
  readonly some: BoxId[];
}

/** All boxes once; null when it was broken off. */
async function goThrough(deps: SealAnewDeps, signal: AbortSignal): Promise<Sum | null> {
  const { log, clock } = deps;
  const sum: Sum = { seen: 0, sealed: 0, raced: 0, unopened: 0, some: [] };
  let after: BoxId | null = null;
  let told = 0;
  do {
    const batch = await seal(deps, after, signal);
    if (batch === null) return null;
    sum.seen += batch.seen;
    sum.sealed += batch.sealed;
    sum.raced += batch.raced;
    sum.unopened += batch.unopened.length;
    sum.some.push(...batch.unopened.slice(0, MOST_NAMED - sum.some.length));
    if (sum.sealed - told >= TOLD_EVERY) {
      told = sum.sealed;
      log.info('sealing box secrets anew', { seen: sum.seen, sealed: sum.sealed });
    }
    after = batch.next;
    if (batch.sealed > 0 && after !== null) await sleep(clock, PAUSE_MS, signal);
  } while (after !== null);
  return sum;
}

/** One batch, through outages too; null when it was broken off. */
async function seal(
  { secretsAtRest, clock, log }: SealAnewDeps,
  after: BoxId | null,
  signal: AbortSignal,
): Promise<SealedAnew | null> {
  for (let failures = 0; failures < MOST_FAILURES; failures += 1) {
    if (signal.aborted) return null;
    try {
      return await secretsAtRest.sealAnew(after, TOGETHER);
    } catch (error) {
      if (signal.aborted) return null;
      log.warn('sealing box secrets anew failed and is tried again', { error });
      await sleep(clock, MINUTE_MS, signal);
    }
  }
  log.error('box secrets were not all sealed anew: the next start goes on');
  return null;
}
