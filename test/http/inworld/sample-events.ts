/** One event of each type, as a box sends it. */
import { NOW_UNIX, TENANT } from './sample-estate';

export const EVENT_ID = '0b9f3c1e-5a2d-4c77-9f0e-2f1d3a4b5c6d';
export const PAYMENT_ID = `box_42:${EVENT_ID}`;

export const PAYMENT = {
  v: 1,
  type: 'payment',
  id: EVENT_ID,
  payer: TENANT.key as string,
  name: 'Zoë Resident',
  amount: 250,
  at: NOW_UNIX - 5,
} as const;

export const RETURNED = {
  v: 1,
  type: 'returned',
  id: EVENT_ID,
  amount: 250,
  at: NOW_UNIX - 2,
} as const;

/** Two days left, as our ledger says. */
export const SNAPSHOT = {
  v: 1,
  type: 'snapshot',
  at: NOW_UNIX,
  left: 172_800,
  renter: TENANT.key as string,
  locked: 0,
  reserved: '',
  price: 196,
  prims: 351,
  over: 0,
  rezzed: NOW_UNIX - 86_400,
  tenants: TENANT.key as string,
} as const;

export const HELLO = {
  v: 1,
  type: 'hello',
  at: NOW_UNIX,
  rezzed: NOW_UNIX - 60,
  version: '1.0.0',
  url: 'http://simhost.example:12046/cap/1',
  outbox: 0,
} as const;
