/** What a run came to: the judge's figures, and a sentence for each law that was broken. */
import type { SimControl } from '../sim-provider/simulator';
import type { AdminClient, RentalSeen } from './admin-client';
import {
  isPaidAt,
  isRight,
  judgePayments,
  wronglyOverdueThere,
  type PaymentsJudged,
} from './judge';
import type { Region, RegionState } from './region';
import type { Findings, Watcher } from './watcher';

export interface Figures {
  readonly payments: PaymentsJudged;
  readonly rentals: {
    readonly all: number;
    /** Paid-until here is what was paid for, to the second. */
    readonly rightHere: number;
    readonly wronglyOverdueHere: number;
    readonly looks: number;
    /** Of those that are not paid, those that are shown as overdue. */
    readonly unpaid: number;
    readonly unpaidShown: number;
  };
  readonly provider: {
    /** How often it showed a paid rental as overdue. */
    readonly wronglyOverdue: number;
    /** Of those, how many came right when it had worked off its queue. */
    readonly byItself: number;
    /** Of those, how many Tierbridge set right: nobody else changes anything there. */
    readonly repaired: number;
    /** Repairs of which the service has no record. */
    readonly unrecorded: number;
    /** At the end. */
    readonly stillWrong: number;
  };
  readonly boxes: RegionState;
  /** Questions that are left to a person. */
  readonly breaks: number;
}

export interface Verdict {
  readonly figures: Figures;
  /** Empty: every law was kept. */
  readonly broken: readonly string[];
}

export interface Judged {
  readonly admin: AdminClient;
  readonly provider: SimControl;
  readonly region: Region;
  readonly watcher: Watcher;
}

export async function reachVerdict({ admin, provider, region, watcher }: Judged): Promise<Verdict> {
  await watcher.look();
  const [rentals, listed, breaks, recorded] = await Promise.all([
    admin.rentals(),
    admin.payments(),
    admin.breaks(),
    countRepairs(admin),
  ]);
  const ledgers = await Promise.all(rentals.map(({ id }) => admin.ledger(id)));
  const found = watcher.findings();
  const figures: Figures = {
    payments: judgePayments(provider.payments(), ledgers.flat(), listed),
    rentals: judgeRentals(provider, rentals, found),
    provider: judgeProvider(provider, found, recorded),
    boxes: region.state(),
    breaks: breaks.filter(({ state }) => state !== 'resolved').length,
  };
  return { figures, broken: brokenLaws(figures) };
}

/** Each law as the sentence that a person should read if it was broken. */
export function brokenLaws({ payments, rentals, provider, boxes }: Figures): readonly string[] {
  const laws: readonly (readonly [number, string])[] = [
    [payments.lost, 'Payments were lost.'],
    [payments.creditedTwice, 'Payments were credited twice.'],
    [payments.wrongTime, 'Payments were credited with the wrong time.'],
    [payments.invented, 'The service lists payments that nobody made.'],
    [rentals.wronglyOverdueHere, 'Paid rentals were shown as overdue by Tierbridge.'],
    [rentals.all - rentals.rightHere, 'Rentals have another paid-until than was paid for.'],
    [rentals.unpaid - rentals.unpaidShown, 'Unpaid rentals are not shown as overdue.'],
    [provider.stillWrong, 'Paid rentals are still wrong at the provider.'],
    [provider.unrecorded, 'Repairs have no record.'],
    [boxes.refused + boxes.halted, 'Boxes were refused.'],
    [boxes.waiting, 'Payments still wait in boxes.'],
  ];
  return laws.flatMap(([count, sentence]) => (count > 0 ? [`${sentence} (${count})`] : []));
}

function judgeRentals(
  provider: SimControl,
  rentals: readonly RentalSeen[],
  found: Findings,
): Figures['rentals'] {
  const held = rentals.map(({ unitId, standing }) => ({
    standing,
    rightful: unitId === null ? null : provider.rightfulUntil(unitId),
  }));
  const unpaid = held.filter(({ rightful, standing }) => !isPaidAt(rightful, standing.asOf));
  return {
    all: [...provider.units()].length,
    rightHere: held.filter((one) => isRight(one.standing.paidUntil, one.rightful)).length,
    wronglyOverdueHere: found.wronglyOverdueHere.size,
    looks: found.looks,
    unpaid: unpaid.length,
    unpaidShown: unpaid.filter(({ standing }) => standing.stage === 'overdue').length,
  };
}

function judgeProvider(
  provider: SimControl,
  found: Findings,
  recorded: number,
): Figures['provider'] {
  const resets = provider.effects().filter(({ fault }) => fault === 'resetOverdue');
  const wrong = new Set(wronglyOverdueThere(provider));
  for (const { id, rentedUntil } of provider.units()) {
    if (!isRight(rentedUntil, provider.rightfulUntil(id))) wrong.add(id);
  }
  const wereReset = new Set(resets.map(({ unit }) => unit));
  const repaired = resets.length - [...wrong].filter((id) => wereReset.has(id)).length;
  return {
    wronglyOverdue: found.ranOutThere.size + resets.length,
    // Only a paid unit can be reset: one that was reset later had come right before.
    byItself: [...found.ranOutThere].filter((id) => !wrong.has(id) || wereReset.has(id)).length,
    repaired,
    unrecorded: Math.max(0, repaired - recorded),
    stillWrong: wrong.size,
  };
}

/** What the service itself has on record as set right at the provider. */
async function countRepairs(admin: AdminClient): Promise<number> {
  const resyncs = (await admin.sweeps()).filter(({ kind }) => kind === 'resync');
  const repairs = await Promise.all(resyncs.map(({ id }) => admin.repairs(id)));
  return repairs.flat().filter(({ kind }) => kind === 'expiry-set').length;
}
