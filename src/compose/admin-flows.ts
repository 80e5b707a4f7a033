/** Binds the flows of the admin API to their ports; a part of the wiring, and nothing else. */
import { assignBreak } from '../flows/assign-break';
import { beginTenancy } from '../flows/begin-tenancy';
import { changeBoxByHand } from '../flows/change-box-by-hand';
import { changeTerms } from '../flows/change-terms';
import { commentBreak } from '../flows/comment-break';
import { createKey } from '../flows/create-key';
import { createRental } from '../flows/create-rental';
import { decideByHand } from '../flows/decide-by-hand';
import { endTenancy } from '../flows/end-tenancy';
import type { EstatePorts } from '../flows/estate-ports';
import { findKey } from '../flows/find-key';
import { grantTime } from '../flows/grant-time';
import { importUnits } from '../flows/import-units';
import { listAudit } from '../flows/list-audit';
import { listBoxes } from '../flows/list-boxes';
import { listBreaks } from '../flows/list-breaks';
import { listKeys } from '../flows/list-keys';
import { listPayments } from '../flows/list-payments';
import { listRentals } from '../flows/list-rentals';
import { listRepairs } from '../flows/list-repairs';
import { listSweeps } from '../flows/list-sweeps';
import { openBreak } from '../flows/open-break';
import { pairBoxByHand } from '../flows/pair-box-by-hand';
import { placeHold } from '../flows/place-hold';
import { recheckPayment } from '../flows/recheck-payment';
import { releaseHold } from '../flows/release-hold';
import { viewRental } from '../flows/rental-view';
import { resolveBreak } from '../flows/resolve-break';
import { reverseByHand } from '../flows/reverse-by-hand';
import { revokeKey } from '../flows/revoke-key';
import { runOnce } from '../flows/run-once';
import { showBreak } from '../flows/show-break';
import { showPayment } from '../flows/show-payment';
import { showRental } from '../flows/show-rental';
import { showSweep } from '../flows/show-sweep';
import type { StartSweepDeps } from '../flows/start-sweep';
import { sweepByHand } from '../flows/sweep-by-hand';
import type { AdminFlows } from '../http/admin/admin-flows';

export type AdminPorts = EstatePorts & Pick<StartSweepDeps, 'wakeSweeps'>;

export function bindAdminFlows(ports: AdminPorts): AdminFlows {
  const bind =
    <Input, Outcome>(flow: (deps: AdminPorts, input: Input) => Outcome) =>
    (input: Input): Outcome =>
      flow(ports, input);
  return {
    findKey: bind(findKey),
    runOnce: (input) => runOnce(ports, input),
    listRentals: bind(listRentals),
    showRental: bind(showRental),
    viewRental: bind(viewRental),
    createRental: bind(createRental),
    changeTerms: bind(changeTerms),
    grantTime: bind(grantTime),
    placeHold: bind(placeHold),
    releaseHold: bind(releaseHold),
    beginTenancy: bind(beginTenancy),
    endTenancy: bind(endTenancy),
    reverseByHand: bind(reverseByHand),
    importUnits: bind(importUnits),
    listPayments: bind(listPayments),
    showPayment: bind(showPayment),
    recheckPayment: bind(recheckPayment),
    decideByHand: bind(decideByHand),
    listBreaks: bind(listBreaks),
    showBreak: bind(showBreak),
    openBreak: bind(openBreak),
    assignBreak: bind(assignBreak),
    commentBreak: bind(commentBreak),
    resolveBreak: bind(resolveBreak),
    listBoxes: bind(listBoxes),
    pairBoxByHand: bind(pairBoxByHand),
    changeBoxByHand: bind(changeBoxByHand),
    listSweeps: bind(listSweeps),
    showSweep: bind(showSweep),
    listRepairs: bind(listRepairs),
    sweepByHand: bind(sweepByHand),
    listAudit: bind(listAudit),
    listKeys: bind(listKeys),
    createKey: bind(createKey),
    revokeKey: bind(revokeKey),
  };
}
