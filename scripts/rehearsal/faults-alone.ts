/** Each fault of the simulator as a plan of its own; what all of them do at once is elsewhere. */
import type { FaultSet } from '../sim-provider/faults';
import { askAbout } from './ask-about-payments';
import type { Estate } from './estate';
import { always, cameBackToLife, changed, cutOff, said, shows } from './fault-marks';
import type { FaultPlan, Phase } from './play-faults';
import type { Rehearsed } from './rehearse';

export interface FaultAlone extends FaultPlan {
  readonly fault: keyof FaultSet;
  /** What no rule can settle, and a person finds as an open break; default: nothing. */
  readonly leaves?: 'breaks';
}

const PHASE_MS = 3_000;
const HOUR_S = 3_600;
const ASKED = 12;

const during = (faults: FaultSet | ((estate: Estate) => FaultSet), forMs = PHASE_MS): Phase => ({
  forMs,
  faults: typeof faults === 'function' ? faults : () => faults,
});
const CALM = during({}, 1_000);

export const FAULTS_ALONE: readonly FaultAlone[] = [
  {
    fault: 'stall',
    title: 'the provider queues payments for hours',
    happens: { stall: shows('waiting') },
    phases: [during({ stall: true })],
  },
  {
    fault: 'failNow',
    title: 'queued payments are shown as failed',
    happens: { failNow: shows('failed') },
    phases: [during({ stall: true }, 1_500), during({ stall: true, failNow: 8 })],
  },
  {
    fault: 'failRate',
    title: 'a third of payments fails',
    happens: { failRate: shows('failed') },
    phases: [during({ failRate: 0.33 })],
  },
  {
    fault: 'suspendRate',
    title: 'a third of payments is suspended',
    happens: { suspendRate: shows('suspended') },
    phases: [during({ suspendRate: 0.33 })],
  },
  {
    fault: 'drain',
    title: 'failed payments come back to life all at once',
    happens: { drain: cameBackToLife },
    phases: [during({ stall: true, failRate: 0.5 }), during({ stall: true, drain: true })],
  },
  {
    fault: 'resetOverdue',
    title: 'half of the paid units are reset to overdue',
    happens: { resetOverdue: changed('resetOverdue') },
    mends: 'by-itself',
    phases: [during({ resetOverdue: 0.5 })],
  },
  {
    fault: 'resetOverdueOnPayment',
    title: 'units fall to overdue when they are paid',
    happens: { resetOverdueOnPayment: changed('resetOverdueOnPayment') },
    mends: 'by-itself',
    phases: [during({ resetOverdueOnPayment: 0.3 })],
  },
  {
    fault: 'dropStream',
    title: 'the status stream is dropped again and again',
    happens: { dropStream: said('stream opened', 2) },
    phases: [1, 2, 3, 4].map(() => during({ dropStream: true }, 1_000)),
  },
  {
    fault: 'silentStream',
    title: 'the status stream goes silent with the socket open',
    happens: { silentStream: always },
    phases: [during({ silentStream: true })],
  },
  {
    fault: 'refuseStream',
    title: 'the status stream is refused',
    happens: { refuseStream: cutOff },
    phases: [during({ refuseStream: true })],
  },
  {
    fault: 'duplicateRate',
    title: 'every second message is repeated',
    happens: { duplicateRate: always },
    phases: [during({ duplicateRate: 0.5 })],
  },
  {
    fault: 'reorderWindow',
    title: 'messages and payments change places',
    happens: { reorderWindow: always },
    phases: [during({ reorderWindow: 30 })],
  },
  {
    fault: 'skipRate',
    title: 'a third of the messages is never sent',
    happens: { skipRate: always },
    phases: [during({ skipRate: 0.33 })],
  },
  {
    fault: 'newStreamId',
    title: 'the status stream numbers anew',
    happens: { newStreamId: said('stream opened', 2) },
    phases: [CALM, during({ newStreamId: true }, 1_500), during({ newStreamId: true }, 1_500)],
  },
  {
    fault: 'restErrorRate',
    title: 'every third call to the provider fails',
    happens: { restErrorRate: said('provider call repeated', 1) },
    phases: [{ ...during({ restErrorRate: 0.33 }), meanwhile: askAbout(ASKED) }],
  },
  {
    fault: 'restDelayMs',
    title: 'the provider answers late',
    happens: { restDelayMs: always },
    phases: [{ ...during({ restDelayMs: 700 }), meanwhile: askAbout(ASKED) }],
  },
  {
    fault: 'garbageRate',
    title: 'every fourth message is garbage',
    happens: { garbageRate: said('stream frame unreadable', 1) },
    phases: [during({ garbageRate: 0.25 })],
  },
  {
    fault: 'noExpiryCall',
    title: 'the provider has no call to set an expiry',
    happens: { noExpiryCall: changed('resetOverdue') },
    leaves: 'breaks',
    phases: [during({ noExpiryCall: true, resetOverdue: 0.5 })],
    kept: { noExpiryCall: true },
  },
  {
    fault: 'restoreBackup',
    title: 'the provider comes back from a backup',
    happens: { restoreBackup: changed('restoreBackup') },
    phases: [CALM, during({ restoreBackup: true })],
  },
  {
    fault: 'partialReset',
    title: 'half of the paid units lose part of their time',
    happens: { partialReset: changed('partialReset') },
    mends: 'by-itself',
    phases: [during({ partialReset: 0.5 })],
  },
  {
    fault: 'editExpiry',
    title: 'times are changed on the provider’s site without a payment',
    happens: { editExpiry: changed('editExpiry') },
    leaves: 'breaks',
    phases: [during((estate) => ({ editExpiry: edits(estate) }))],
  },
  {
    fault: 'doubleCredit',
    title: 'the provider counts payments twice',
    happens: { doubleCredit: changed('doubleCredit') },
    leaves: 'breaks',
    phases: [during({ doubleCredit: 0.4 })],
  },
];

/** More time for some, less for others; not for those on the brink, who are to run out. */
function edits({ parcels }: Estate): { unit: string; seconds: number }[] {
  const long = parcels.flatMap(({ way, unitId }) => (way === 'long' && unitId ? [unitId] : []));
  return long.slice(0, 4).map((unit, n) => ({ unit, seconds: (n % 2 === 0 ? 50 : -50) * HOUR_S }));
}

/** A sentence for each thing that this fault alone ought to have come to, and did not. */
export function brokenPromises(
  { mends, leaves, kept }: FaultAlone,
  { sweeps, verdict, afterwards }: Rehearsed,
): readonly string[] {
  const isBroken = {
    'It took a resync by hand to put the units right.': mends === 'by-itself' && sweeps > 0,
    'No open break tells a person of it.': leaves === 'breaks' && verdict.leftToPeople === 0,
    'A break was left when the provider took the call again.':
      kept !== undefined && afterwards.leftToPeople > 0,
  };
  return Object.entries(isBroken).flatMap(([sentence, broken]) => (broken ? sentence : []));
}
