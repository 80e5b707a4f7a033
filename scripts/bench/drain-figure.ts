/** The drain of a backlog after a stall, against the same writes made barely. */
import { setTimeout as pause } from 'node:timers/promises';
import { figureOf, rounded, ROUNDS, type Figure, type Round } from './figure';
import { openFollowingStand, type FollowingStand } from './following-stand';
import type { Ground, GroundDatabase } from './ground';
import type { WritesCalls } from './programs/writes';
import { until } from './until';

const BACKLOG = 10_000;
const PROCESSING_MS = 20;
const PAID_AT_ONCE = 500;
const WAIT = { everyMs: 50, mostMs: 300_000 };

/**
 * Each rental's tenant pays once, while the provider stands still; the boxes have reported it all.
 * Measured from the provider's all-clear to the last credit in the last cache.
 *
 * The bare side makes the same number and kinds of writes, counted in the database after each
 * round: a transaction replaced by compare-and-set as often as its `rev` rose (usually three times:
 * statements and tenancy, outcome, done), a report likewise; an entry inserted under its unique
 * source; a rental's cache set by compare-and-set; the provider's claim set beside its rental; the
 * unit's word set. They go to the same rows, as long and as much indexed, a thousand of a kind in
 * one transaction, which is one flush of the log, and the fastest way that this engine has been
 * seen to take. Nothing is read and nothing decided there, and what our side writes besides (its
 * place in the stream, its lease) is not asked of it.
 */
export async function measureDrain(ground: Ground): Promise<Figure> {
  const size = { rentals: BACKLOG, processingMs: PROCESSING_MS };
  const stand = await openFollowingStand(ground, size);
  const bare = await ground.openDatabase();
  const writes = ground.start<WritesCalls>('writes');
  const { uri } = ground.engine;
  await writes.ask('open', { uri, ours: stand.database.name, bare: bare.name });
  const rounds: Round[] = [];
  let counts: Readonly<Record<string, number>> = {};
  for (let n = 0; n <= ROUNDS; n += 1) {
    const txPrefix = `tx-bench-${n}-`;
    await fillBacklog(stand, n);
    await writes.ask('before', { txPrefix });
    const oursS = await drain(stand, txPrefix);
    counts = await writes.ask('after', { txPrefix });
    if (n === 0) ground.note(`  writes: ${JSON.stringify(counts)}`);
    const bareS = await writes.ask('repeat', { flush: 'together' });
    const round = { ours: BACKLOG / oursS, bare: BACKLOG / bareS };
    const shown = `${rounded(round.ours)} to ${rounded(round.bare)} payments a second`;
    ground.note(`  ${n === 0 ? 'warm-up' : `round ${n} of ${ROUNDS}`}: ${shown}`);
    if (n > 0) rounds.push(round);
  }
  await writes.stop();
  await bare.drop();
  await stand.close();
  return figureOf({
    figure: 'drain',
    mark: 0.6,
    unit: 'payments a second',
    against: 'the same number and kinds of writes, in batches that share one flush',
    rounds,
    beside: { backlog: BACKLOG, ...counts },
  });
}

/** Reported by boxes, and queued at the provider, which our side has heard and linked. */
async function fillBacklog(stand: FollowingStand, round: number): Promise<void> {
  const { database, provider } = stand;
  await provider.ask('stall', null);
  const paid = stand.payments(round, BACKLOG);
  for (let at = 0; at < paid.length; at += PAID_AT_ONCE) {
    const some = paid.slice(at, at + PAID_AT_ONCE);
    await Promise.all(some.map(({ report }) => database.stores.reports.intake(report)));
    await provider.ask(
      'pay',
      some.map(({ payment }) => payment),
    );
  }
  await until('the backlog known', () => isPending(database), WAIT);
  await pause(1_000);
}

/** Every rental shows its payment as pending, by its transaction. */
async function isPending({ connection }: GroundDatabase): Promise<boolean> {
  const open = await connection.collection('transactions').countDocuments({ openOf: { $gt: '' } });
  if (open < BACKLOG) return false;
  const pending = { 'cache.pending': 1 };
  return (await connection.collection('rentals').countDocuments(pending)) === BACKLOG;
}

/** Seconds from the all-clear to the last credit in the last cache. */
async function drain({ database, provider }: FollowingStand, txPrefix: string): Promise<number> {
  const began = performance.now();
  await provider.ask('drain', null);
  await until('some of all credited', () => isSampleCredited(database, txPrefix), WAIT);
  await until('everything credited', () => isDrained(database), WAIT);
  const seconds = (performance.now() - began) / 1000;
  await pause(1_000);
  return seconds;
}

const SAMPLE = 20;

/** Some of them, by id: an engine may walk through all that is open to say whether anything is. */
async function isSampleCredited(
  { connection }: GroundDatabase,
  txPrefix: string,
): Promise<boolean> {
  const ids = Array.from({ length: SAMPLE }, (_, i) => `${txPrefix}${(i * BACKLOG) / SAMPLE}`);
  const found = await connection
    .collection<TxRow>('transactions')
    .find({ _id: { $in: ids } }, { projection: { creditedBy: 1 } })
    .toArray();
  return found.length === SAMPLE && found.every((row) => row.creditedBy !== null);
}

interface TxRow {
  readonly _id: string;
  readonly creditedBy: string | null;
}

async function isDrained({ connection }: GroundDatabase): Promise<boolean> {
  const open = { openOf: { $gt: '' } };
  const unresolved = await connection.collection('transactions').countDocuments(open, { limit: 1 });
  if (unresolved > 0) return false;
  const pending = { 'cache.pending': { $gt: 0 } };
  return (await connection.collection('rentals').countDocuments(pending, { limit: 1 })) === 0;
}
