/** The flows that the admin API calls, bound to their ports by whoever composes the service. */
import type { beginTenancy } from '../../flows/begin-tenancy';
import type { assignBreak } from '../../flows/assign-break';
import type { changeBoxByHand } from '../../flows/change-box-by-hand';
import type { changeTerms } from '../../flows/change-terms';
import type { commentBreak } from '../../flows/comment-break';
import type { createKey } from '../../flows/create-key';
import type { createRental } from '../../flows/create-rental';
import type { decideByHand } from '../../flows/decide-by-hand';
import type { endTenancy } from '../../flows/end-tenancy';
import type { findKey } from '../../flows/find-key';
import type { grantTime } from '../../flows/grant-time';
import type { importUnits } from '../../flows/import-units';
import type { listAudit } from '../../flows/list-audit';
import type { listBoxes } from '../../flows/list-boxes';
import type { listBreaks } from '../../flows/list-breaks';
import type { listKeys } from '../../flows/list-keys';
import type { listPayments } from '../../flows/list-payments';
import type { listRentals } from '../../flows/list-rentals';
import type { listRepairs } from '../../flows/list-repairs';
import type { listSweeps } from '../../flows/list-sweeps';
import type { openBreak } from '../../flows/open-break';
import type { pairBoxByHand } from '../../flows/pair-box-by-hand';
import type { placeHold } from '../../flows/place-hold';
import type { recheckPayment } from '../../flows/recheck-payment';
import type { releaseHold } from '../../flows/release-hold';
import type { viewRental } from '../../flows/rental-view';
import type { resolveBreak } from '../../flows/resolve-break';
import type { reverseByHand } from '../../flows/reverse-by-hand';
import type { revokeKey } from '../../flows/revoke-key';
import type { OnceInput, OnceOutcome } from '../../flows/run-once';
import type { showBreak } from '../../flows/show-break';
import type { showPayment } from '../../flows/show-payment';
import type { showRental } from '../../flows/show-rental';
import type { showSweep } from '../../flows/show-sweep';
import type { sweepByHand } from '../../flows/sweep-by-hand';

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
