/** The flows that the admin API calls, bound to their ports by whoever composes the service. */
import type { beginTenancy } from '../../flows/rentals/begin-tenancy';
import type { assignBreak } from '../../flows/breaks/assign-break';
import type { changeBoxByHand } from '../../flows/boxes/change-box-by-hand';
import type { changeTerms } from '../../flows/rentals/change-terms';
import type { commentBreak } from '../../flows/breaks/comment-break';
import type { createKey } from '../../flows/access/create-key';
import type { createRental } from '../../flows/rentals/create-rental';
import type { decideByHand } from '../../flows/deciding/decide-by-hand';
import type { endTenancy } from '../../flows/rentals/end-tenancy';
import type { findKey } from '../../flows/access/find-key';
import type { grantTime } from '../../flows/rentals/grant-time';
import type { importUnits } from '../../flows/importing/import-units';
import type { listAudit } from '../../flows/access/list-audit';
import type { listBoxes } from '../../flows/boxes/list-boxes';
import type { listBreaks } from '../../flows/breaks/list-breaks';
import type { listKeys } from '../../flows/access/list-keys';
import type { listPayments } from '../../flows/payments/list-payments';
import type { listRentals } from '../../flows/rentals/list-rentals';
import type { listRepairs } from '../../flows/sweeps/list-repairs';
import type { listSweeps } from '../../flows/sweeps/list-sweeps';
import type { openBreak } from '../../flows/breaks/open-break';
import type { pairBoxByHand } from '../../flows/boxes/pair-box-by-hand';
import type { placeHold } from '../../flows/rentals/place-hold';
import type { recheckPayment } from '../../flows/payments/recheck-payment';
import type { releaseHold } from '../../flows/rentals/release-hold';
import type { viewRental } from '../../flows/rentals/rental-view';
import type { resolveBreak } from '../../flows/breaks/resolve-break';
import type { reverseByHand } from '../../flows/deciding/reverse-by-hand';
import type { revokeKey } from '../../flows/access/revoke-key';
import type { OnceInput, OnceOutcome } from '../../flows/access/run-once';
import type { showBreak } from '../../flows/breaks/show-break';
import type { showPayment } from '../../flows/payments/show-payment';
import type { showRental } from '../../flows/rentals/show-rental';
import type { showSweep } from '../../flows/sweeps/show-sweep';
import type { sweepByHand } from '../../flows/sweeps/sweep-by-hand';

/** A flow with its deps given. */
export type Bound<Flow> = Flow extends (deps: never, input: infer Input) => infer Outcome
  ? (input: Input) => Outcome
  : never;

export interface AdminFlows {
  readonly findKey: Bound<typeof findKey>;
  readonly runOnce: <Shown>(input: OnceInput<Shown>) => Promise<OnceOutcome<Shown>>;

  readonly listRentals: Bound<typeof listRentals>;
  readonly showRental: Bound<typeof showRental>;
  readonly viewRental: Bound<typeof viewRental>;
  readonly createRental: Bound<typeof createRental>;
  readonly changeTerms: Bound<typeof changeTerms>;
  readonly grantTime: Bound<typeof grantTime>;
  readonly placeHold: Bound<typeof placeHold>;
  readonly releaseHold: Bound<typeof releaseHold>;
  readonly beginTenancy: Bound<typeof beginTenancy>;
  readonly endTenancy: Bound<typeof endTenancy>;
  readonly reverseByHand: Bound<typeof reverseByHand>;
  readonly importUnits: Bound<typeof importUnits>;

  readonly listPayments: Bound<typeof listPayments>;
  readonly showPayment: Bound<typeof showPayment>;
  readonly recheckPayment: Bound<typeof recheckPayment>;
  readonly decideByHand: Bound<typeof decideByHand>;

  readonly listBreaks: Bound<typeof listBreaks>;
  readonly showBreak: Bound<typeof showBreak>;
  readonly openBreak: Bound<typeof openBreak>;
  readonly assignBreak: Bound<typeof assignBreak>;
  readonly commentBreak: Bound<typeof commentBreak>;
  readonly resolveBreak: Bound<typeof resolveBreak>;

  readonly listBoxes: Bound<typeof listBoxes>;
  readonly pairBoxByHand: Bound<typeof pairBoxByHand>;
  readonly changeBoxByHand: Bound<typeof changeBoxByHand>;

  readonly listSweeps: Bound<typeof listSweeps>;
  readonly showSweep: Bound<typeof showSweep>;
  readonly listRepairs: Bound<typeof listRepairs>;
  readonly sweepByHand: Bound<typeof sweepByHand>;

  readonly listAudit: Bound<typeof listAudit>;
  readonly listKeys: Bound<typeof listKeys>;
  readonly createKey: Bound<typeof createKey>;
  readonly revokeKey: Bound<typeof revokeKey>;
}
