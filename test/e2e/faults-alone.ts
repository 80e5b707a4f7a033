/** Each fault of the simulator as a plan of its own; what all of them do at once is elsewhere. */
import type { FaultSet } from '../../scripts/sim-provider/faults';
import { AdminRefused } from './admin-client';
import type { Estate } from './estate';
import { always, cameBackToLife, changed, said, shows } from './fault-marks';
import type { FaultPlan, Phase } from './fault-run';

export interface FaultAlone extends FaultPlan {
  readonly fault: keyof FaultSet;
  /** What no rule can settle, and a person finds as an open break; default: nothing. */
  readonly leaves?: 'breaks';
}

const PHASE_MS = 3_000;
const HOUR_S = 3_600;
const MOST_ASKED = 12;

const during = (faults: FaultSet | ((estate: Estate) => FaultSet), forMs = PHASE_MS): Phase => ({
  forMs,
  faults: typeof faults === 'function' ? faults : () => faults,
});
const CALM = during({}, 1_000);

export const FAULTS_ALONE: readonly FaultAlone[] = [
  {
    fault: 'stall',
    title: 'the provider queues payments for hours',
    happens: shows('waiting'),
    phases: [during({ stall: true })],
  },
  {
    fault: 'failNow',
    title: 'queued payments are shown as failed',
    happens: shows('failed'),
    phases: [during({ stall: true }, 1_500), during({ stall: true, failNow: 8 })],
  },
  {
    fault: 'failRate',
    title: 'a third of payments fails',
    happens: shows('failed'),
    phases: [during({ failRate: 0.33 })],
  },
  {
    fault: 'suspendRate',
    title: 'a third of payments is suspended',
    happens: shows('suspended'),
    phases: [during({ suspendRate: 0.33 })],
  },
  {
    fault: 'drain',
    title: 'failed payments come back to life all at once',
    happens: cameBackToLife,
    phases: [during({ stall: true, failRate: 0.5 }), during({ stall: true, drain: true })],
  },
  {
    fault: 'resetOverdue',
    title: 'half of the paid units are reset to overdue',
    happens: changed('resetOverdue'),
    mends: 'by-itself',
    phases: [during({ resetOverdue: 0.5 })],
  },
  {
    fault: 'resetOverdueOnPayment',
    title: 'units fall to overdue when they are paid',
    happens: changed('resetOverdueOnPayment'),
    mends: 'by-itself',
    phases: [during({ resetOverdueOnPayment: 0.3 })],
  },
  {
    fault: 'dropStream',
    title: 'the status stream is dropped again and again',
    happens: said('stream opened', 2),
    phases: [1, 2, 3, 4].map(() => during({ dropStream: true }, 1_000)),
  },
  {
    fault: 'silentStream',
    title: 'the status stream goes silent with the socket open',
    happens: always,
    phases: [during({ silentStream: true })],
  },
  {
    fault: 'refuseStream',
    title: 'the status stream is refused',
    happens: ({ sim }) => sim.control.state().counts.connections === 0,
    phases: [during({ refuseStream: true })],
  },
  {
    fault: 'duplicateRate',
    title: 'every second message is repeated',
    happens: always,
    phases: [during({ duplicateRate: 0.5 })],
  },
  {
    fault: 'reorderWindow',
    title: 'messages and payments change places',
    happens: always,
    phases: [during({ reorderWindow: 30 })],
  },
  {
    fault: 'skipRate',
    title: 'a third of the messages is never sent',
    happens: always,
    phases: [during({ skipRate: 0.33 })],
  },
  {
    fault: 'newStreamId',
    title: 'the status stream numbers anew',
    happens: said('stream opened', 2),
    phases: [CALM, during({ newStreamId: true }, 1_500), during({ newStreamId: true }, 1_500)],
  },
  {
    fault: 'restErrorRate',
    title: 'every third call to the provider fails',
    happens: said('provider call repeated', 1),
    phases: [{ ...during({ restErrorRate: 0.33 }), meanwhile: askAboutEveryPayment }],
  },
  {
    fault: 'restDelayMs',
    title: 'the provider answers late',
    happens: always,
    phases: [{ ...during({ restDelayMs: 700 }), meanwhile: askAboutEveryPayment }],
  },
  {
    fault: 'garbageRate',
    title: 'every fourth message is garbage',
    happens: said('stream frame unreadable', 1),
    phases: [during({ garbageRate: 0.25 })],
  },
  {
    fault: 'noExpiryCall',
    title: 'the provider has no call to set an expiry',
    happens: changed('resetOverdue'),
    leaves: 'breaks',
    phases: [during({ noExpiryCall: true, resetOverdue: 0.5 })],
    kept: { noExpiryCall: true },
  },
  {
    fault: 'restoreBackup',
    title: 'the provider comes back from a backup',
    happens: changed('restoreBackup'),
    phases: [CALM, during({ restoreBackup: true })],
  },
  {
    fault: 'partialReset',
    title: 'half of the paid units lose part of their time',
    happens: changed('partialReset'),
    mends: 'by-itself',
    phases: [during({ partialReset: 0.5 })],
  },
  {
    fault: 'editExpiry',
    title: 'times are changed on the provider’s site without a payment',
    happens: changed('editExpiry'),
    leaves: 'breaks',
    phases: [during((estate) => ({ editExpiry: edits(estate) }))],
  },
  {
    fault: 'doubleCredit',
    title: 'the provider counts payments twice',
    happens: changed('doubleCredit'),
    leaves: 'breaks',
    phases: [during({ doubleCredit: 0.4 })],
  },
];

/** More time for some, less for others; not for those on the brink, who are to run out. */
function edits({ parcels }: Estate): { unit: string; seconds: number }[] {
  const long = parcels.flatMap(({ way, unitId }) => (way === 'long' && unitId ? [unitId] : []));
  return long.slice(0, 4).map((unit, n) => ({ unit, seconds: (n % 2 === 0 ? 50 : -50) * HOUR_S }));
}

/** A manager does, one after the other, so that the provider is called at all. */
async function askAboutEveryPayment({ admin }: Estate): Promise<void> {
  for (const { id } of (await admin.payments()).slice(0, MOST_ASKED)) {
    await admin.recheck(id).catch((error: unknown) => {
      if (!(error instanceof AdminRefused)) throw error;
    });
  }
}
