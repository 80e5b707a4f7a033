/** Every route of the admin API, in the order in which readers look for them. */
import { ACCESS_ROUTES } from './access/access-routes';
import { BOX_ROUTES } from './boxes/box-routes';
import { BREAK_ROUTES } from './breaks/break-routes';
import { PAYMENT_ROUTES } from './payments/payment-routes';
import { HOLD_ROUTES } from './rentals/hold-routes';
import { IMPORT_ROUTES } from './rentals/import-routes';
import { LEDGER_ROUTES } from './rentals/ledger-routes';
import { RENTAL_ROUTES } from './rentals/rental-routes';
import { TENANCY_ROUTES } from './rentals/tenancy-routes';
import type { AdminRoute } from './route';
import { SWEEP_ROUTES } from './sweeps/sweep-routes';

export const ADMIN_ROUTES: readonly AdminRoute[] = [
  ...RENTAL_ROUTES,
  ...IMPORT_ROUTES,
  ...LEDGER_ROUTES,
  ...HOLD_ROUTES,
  ...TENANCY_ROUTES,
  ...PAYMENT_ROUTES,
  ...BREAK_ROUTES,
  ...BOX_ROUTES,
  ...SWEEP_ROUTES,
  ...ACCESS_ROUTES,
];
