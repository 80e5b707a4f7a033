/** Rows as a provider writes them, sound unless a test says otherwise. */

export const AGENT = '6d0c1b2e-9a4f-4c7b-8e21-0f3a5b7c9d11';
export const AT = '2026-02-19T16:57:00.250Z';

export type Row = Readonly<Record<string, unknown>>;

export function transactionRow(changes: Row = {}): Row {
  return {
    id: 'tx-1',
    version: 3,
    unit: 'unit-1',
    payer: { key: AGENT, name: 'Ada Resident' },
    tenant: null,
    amount: 250,
    paidAt: AT,
    state: 'completed',
    message: '',
    creditedSeconds: 604_800,
    unitVersion: 12,
    updatedAt: AT,
    ...changes,
  };
}

export function unitRow(changes: Row = {}): Row {
  return {
    id: 'unit-1',
    version: 12,
    objectKey: '0f3a5b7c-9d11-4c7b-8e21-6d0c1b2e9a4f',
    name: 'Box 7',
    region: 'Mole Hill',
    parcel: 'Shore',
    tenant: { key: AGENT, name: '' },
    rentedUntil: '2026-03-01T00:00:00Z',
    status: 'rented',
    price: 250,
    term: 'week',
    locked: false,
    updatedAt: AT,
    ...changes,
  };
}

export function eventFrame(seq: number, changes: Row = {}): Row {
  return { op: 'event', seq, time: AT, type: 'transaction', data: transactionRow(), ...changes };
}
