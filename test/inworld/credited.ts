/**
 * What the service holds of payments, read through the admin API, beside what was paid in-world.
 */
import { z } from 'zod';
import { ADMIN_KEY } from '../../scripts/rehearsal/settings';
import { until } from '../../scripts/rehearsal/until';
import type { ServiceInWorld } from './service-in-world';

const Page = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      rentalId: z.string().nullable(),
      boxId: z.string().nullable(),
      payer: z.object({ key: z.string(), name: z.string() }),
      amount: z.int(),
      eventId: z.string().nullable(),
      txId: z.string().nullable(),
      state: z.string(),
    }),
  ),
  next: z.string().nullable(),
});
export type PaymentHeld = z.output<typeof Page>['data'][number];

const MOST_PAGES = 100;
const SETTLES_WITHIN_MS = 60_000;
const UNDER_WAY = ['reported', 'in-progress', 'unknown', 'confirmed'];

/** Every payment that the service knows. */
export async function paymentsHeld(service: ServiceInWorld): Promise<PaymentHeld[]> {
  const rows: PaymentHeld[] = [];
  let cursor = '';
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const url = `${service.serviceUrl()}/api/admin/v1/payments?limit=200${cursor}`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    const { data, next } = Page.parse(await answer.json());
    rows.push(...data);
    if (next === null) return rows;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
  throw new Error('The list of payments has no end.');
}

/** The same, once none is under way any more. */
export async function paymentsSettled(service: ServiceInWorld): Promise<PaymentHeld[]> {
  let held: PaymentHeld[] = [];
  const areSettled = async (): Promise<boolean> => {
    held = await paymentsHeld(service);
    return held.every(({ state }) => !UNDER_WAY.includes(state));
  };
  await until('every payment is settled', areSettled, SETTLES_WITHIN_MS);
  return held;
}

/** Lines of all ledgers that give paid time, and the payments that they are for. */
export async function creditsOf(
  { admin }: Pick<ServiceInWorld, 'admin'>,
  rentalIds: readonly string[],
): Promise<{ readonly entries: number; readonly payments: number; readonly linden: number }> {
  const rentals = await Promise.all(rentalIds.map((id) => admin.rental(id)));
  const lines = rentals.flatMap(({ ledger }) => ledger.filter(({ kind }) => kind === 'paid'));
  return {
    entries: lines.length,
    payments: new Set(lines.map(({ paymentId }) => paymentId)).size,
    linden: lines.reduce((sum, { amount }) => sum + (amount ?? 0), 0),
  };
}
