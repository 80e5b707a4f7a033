/** How soon after the provider's `completed` frame a credit is stored, told in durable inserts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { figureOf, median, quantile, rounded, ROUNDS, type Figure, type Round } from './figure';
import { openFollowingStand, type FollowingStand } from './following-stand';
import type { Ground } from './ground';
import type { Program } from './program';
import type { InsertCalls } from './programs/inserts';

const RENTALS = 500;
const PAYMENTS_OF_A_ROUND = 300;
/** From a payment to its completion; half of it lies between two frames of one payment. */
const PROCESSING_MS = 60;
/** What is written of a payment after its credit must not slow the bare side. */
const CLOSES_WITHIN_MS = 30;

/**
 * One payment at a time, and ten inserts after each, so that both live through the same minutes.
 * Its report is there before it, as a rule of the boxes.
 */
export async function measureCredit(ground: Ground): Promise<Figure> {
  const size = { rentals: RENTALS, processingMs: PROCESSING_MS };
  const stand = await openFollowingStand(ground, size);
  const inserts = ground.start<InsertCalls>('inserts');
  const { uri } = ground.engine;
  await inserts.ask('open', { uri, database: stand.database.name });
  const rounds: Round[] = [];
  const p50: number[] = [];
  for (let n = 0; n <= ROUNDS; n += 1) {
    const { creditMs, insertsMs } = await round(stand, inserts, n);
    const p99Ms = quantile(creditMs, 0.99);
    const tenMs = median(insertsMs);
    ground.note(
      `  ${n === 0 ? 'warm-up' : `round ${n} of ${ROUNDS}`}: p99 ${rounded(p99Ms)} ms, ` +
        `median ${rounded(median(creditMs))} ms; ten inserts ${rounded(tenMs)} ms`,
    );
    if (n === 0) continue;
    rounds.push({ ours: 1 / p99Ms, bare: 1 / tenMs });
    p50.push(median(creditMs));
  }
  await inserts.stop();
  await stand.close();
  return inMs(rounds, median(p50));
}

async function round(stand: FollowingStand, inserts: Program<InsertCalls>, n: number) {
  const creditMs: number[] = [];
  const insertsMs: number[] = [];
  for (const { payment, report } of stand.payments(n, PAYMENTS_OF_A_ROUND)) {
    await stand.database.stores.reports.intake(report);
    const [creditedAt, completedAt] = await Promise.all([
      stand.service.ask('credited', `tx:${payment.txId}`),
      stand.provider.ask('payToEnd', payment),
    ]);
    if (!(creditedAt > completedAt)) throw new Error('The clocks of the programs differ.');
    creditMs.push(creditedAt - completedAt);
    await sleep(CLOSES_WITHIN_MS);
    insertsMs.push(await inserts.ask('insertTen', null));
  }
  return { creditMs, insertsMs };
}

/** More is better in a round, and less is better in milliseconds. */
function inMs(rounds: readonly Round[], medianMs: number): Figure {
  const figure = figureOf({
    figure: 'credit',
    mark: 1,
    unit: 'ms (less is better)',
    against: 'ten durable inserts, one after the other; ours is the p99 of one payment at a time',
    rounds,
    beside: { medianMs: rounded(medianMs), payments: rounds.length * PAYMENTS_OF_A_ROUND },
  });
  const ours = rounded(median(rounds.map((one) => 1 / one.ours)));
  const bare = rounded(median(rounds.map((one) => 1 / one.bare)));
  return { ...figure, ours, bare };
}
