/** One signed report of a payment, said once to one service; keeps and repeats nothing. */
import { randomUUID } from 'node:crypto';
import { exchange, type Exchanged } from '../../scripts/sim-box/exchange';
import type { Parcel } from '../../scripts/rehearsal/tenants';

const ANSWERS_WITHIN_MS = 20_000;

export interface Report {
  readonly eventId: string;
  /** Whole L$. */
  readonly amount: number;
  /** Unix seconds. */
  readonly at: number;
}

export const newReport = (amount: number): Report => ({
  eventId: randomUUID(),
  amount,
  at: Math.floor(Date.now() / 1_000),
});

/** Safe to be repeated with the same report. */
export async function sayPayment(
  { identity, tenant }: Parcel,
  { eventId, amount, at }: Report,
  url: string,
): Promise<Exchanged> {
  const timeUnix = Math.floor(Date.now() / 1_000);
  const { key: payer, name } = tenant;
  return exchange({
    baseUrl: url,
    identity: identity(),
    call: 'events',
    body: { v: 1, type: 'payment', id: eventId, payer, name, amount, at },
    ...{ timeUnix, nonce: randomUUID(), fetch },
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
  });
}
