/** The admin API's flows, bound to the estate's ports; adds no step of its own. */
import { assignBreak } from '../flows/breaks/assign-break';
import { beginTenancy } from '../flows/rentals/begin-tenancy';
import { changeBoxByHand } from '../flows/boxes/change-box-by-hand';
import { changeTerms } from '../flows/rentals/change-terms';
import { commentBreak } from '../flows/breaks/comment-break';
import { createKey } from '../flows/access/create-key';
import { createRental } from '../flows/rentals/create-rental';
import { decideByHand } from '../flows/deciding/decide-by-hand';
import { endTenancy } from '../flows/rentals/end-tenancy';
import type { EstatePorts } from '../flows/ports/estate-ports';
import { findKey } from '../flows/access/find-key';
import { grantTime } from '../flows/rentals/grant-time';
import { importUnits } from '../flows/importing/import-units';
import { listAudit } from '../flows/access/list-audit';
import { listBoxes } from '../flows/boxes/list-boxes';
import { listBreaks } from '../flows/breaks/list-breaks';
import { listKeys } from '../flows/access/list-keys';
import { listPayments } from '../flows/payments/list-payments';
import { listRentals } from '../flows/rentals/list-rentals';
import { listRepairs } from '../flows/sweeps/list-repairs';
import { listSweeps } from '../flows/sweeps/list-sweeps';
import { openBreak } from '../flows/breaks/open-break';
import { pairBoxByHand } from '../flows/boxes/pair-box-by-hand';
import { placeHold } from '../flows/rentals/place-hold';
import { recheckPayment } from '../flows/payments/recheck-payment';
import { releaseHold } from '../flows/rentals/release-hold';
import { viewRental } from '../flows/rentals/rental-view';
import { resolveBreak } from '../flows/breaks/resolve-break';
import { reverseByHand } from '../flows/deciding/reverse-by-hand';
import { revokeKey } from '../flows/access/revoke-key';
import { runOnce } from '../flows/access/run-once';
import { showBreak } from '../flows/breaks/show-break';
import { showPayment } from '../flows/payments/show-payment';
import { showRental } from '../flows/rentals/show-rental';
import { showSweep } from '../flows/sweeps/show-sweep';
import type { StartSweepDeps } from '../flows/sweeps/start-sweep';
import { sweepByHand } from '../flows/sweeps/sweep-by-hand';
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
