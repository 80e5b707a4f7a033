/** The admin API's flows, bound to the estate's ports; adds no step of its own. */
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

export type AdminFlowDeps = EstatePorts & StartSweepDeps;

export function bindAdminFlows(deps: AdminFlowDeps): AdminFlows {
  return {
    findKey: (input) => findKey(deps, input),
    runOnce: (input) => runOnce(deps, input),
    ...bindRentalFlows(deps),
    ...bindMoneyFlows(deps),
    ...bindKeepingFlows(deps),
  };
}

function bindRentalFlows(deps: AdminFlowDeps) {
  return {
    listRentals: (input) => listRentals(deps, input),
    showRental: (input) => showRental(deps, input),
    viewRental: (input) => viewRental(deps, input),
    createRental: (input) => createRental(deps, input),
    changeTerms: (input) => changeTerms(deps, input),
    grantTime: (input) => grantTime(deps, input),
    placeHold: (input) => placeHold(deps, input),
    releaseHold: (input) => releaseHold(deps, input),
    beginTenancy: (input) => beginTenancy(deps, input),
    endTenancy: (input) => endTenancy(deps, input),
    reverseByHand: (input) => reverseByHand(deps, input),
    importUnits: (input) => importUnits(deps, input),
  } satisfies Partial<AdminFlows>;
}

function bindMoneyFlows(deps: AdminFlowDeps) {
  return {
    listPayments: (input) => listPayments(deps, input),
    showPayment: (input) => showPayment(deps, input),
    recheckPayment: (input) => recheckPayment(deps, input),
    decideByHand: (input) => decideByHand(deps, input),
    listBreaks: (input) => listBreaks(deps, input),
    showBreak: (input) => showBreak(deps, input),
    openBreak: (input) => openBreak(deps, input),
    assignBreak: (input) => assignBreak(deps, input),
    commentBreak: (input) => commentBreak(deps, input),
    resolveBreak: (input) => resolveBreak(deps, input),
  } satisfies Partial<AdminFlows>;
}

function bindKeepingFlows(deps: AdminFlowDeps) {
  return {
    listBoxes: (input) => listBoxes(deps, input),
    pairBoxByHand: (input) => pairBoxByHand(deps, input),
    changeBoxByHand: (input) => changeBoxByHand(deps, input),
    listSweeps: (input) => listSweeps(deps, input),
    showSweep: (input) => showSweep(deps, input),
    listRepairs: (input) => listRepairs(deps, input),
    sweepByHand: (input) => sweepByHand(deps, input),
    listAudit: (input) => listAudit(deps, input),
    listKeys: (input) => listKeys(deps, input),
    createKey: (input) => createKey(deps, input),
    revokeKey: (input) => revokeKey(deps, input),
  } satisfies Partial<AdminFlows>;
}
