/** One rental with its box, as the tests of the door know them. */
import { newBox, type Box } from '../../../src/domain/box';
import {
  parseAgentKey,
  parseBoxId,
  parseObjectKey,
  parseRentalId,
  parseUnitId,
  tenancyId,
} from '../../../src/domain/ids';
import { lindens } from '../../../src/domain/money';
import { newRental, type Rental } from '../../../src/domain/rental';
import { instant, plusSeconds, type Instant, type Seconds } from '../../../src/domain/time';

export const NOW = instant(Date.parse('2026-03-01T12:00:00Z'));
export const NOW_UNIX = NOW / 1000;

export const BOX_ID = parseBoxId('box_42');
export const SECRET = 'EXAMPLE-ONLY-box-secret-0123456789abcdef';
export const OBJECT = parseObjectKey('3fa85f64-5717-4562-b3fc-2c963f66afa6');
export const OTHER_OBJECT = parseObjectKey('3fa85f64-5717-4562-b3fc-2c963f66afa7');
export const OWNER = parseAgentKey('11111111-2222-3333-4444-555555555555');
export const OTHER_OWNER = parseAgentKey('11111111-2222-3333-4444-555555555556');
export const TENANT = { key: parseAgentKey('a2e76fcd-9360-4f6d-a924-000000000003'), name: 'Zoë' };

export const RENTAL_ID = parseRentalId('r_1');

export function sampleBox(part: Partial<Box> = {}): Box {
  return {
    ...newBox(BOX_ID, RENTAL_ID, NOW),
    ...{ state: 'paired', objectKey: OBJECT, ownerKey: OWNER },
    secrets: [{ text: SECRET, since: NOW, until: null }],
    ...part,
  };
}

/** Let to Zoë for 196 a week, paid for two more days; verified by its provider. */
export function sampleRental(part: Partial<Rental> = {}): Rental {
  const fresh = newRental({
    id: RENTAL_ID,
    name: 'Dream Bay 7',
    region: 'Dream Bay',
    parcel: 'Seven',
    unitId: parseUnitId('unit-7'),
    verifiedBy: 'provider',
    terms: [
      { from: NOW, price: { amount: lindens(196), term: 'week' }, minimum: null, graceHours: 72 },
    ],
    createdAt: NOW,
  });
  const tenancy = { id: tenancyId(RENTAL_ID, 1), tenant: TENANT };
  const cache = paidUntil(plusSeconds(NOW, 2 * 86_400));
  return { ...fresh, rev: 1, boxId: BOX_ID, tenancy, cache, ...part };
}

/** A rental of an estate that lets by itself. */
export function boxVerified(part: Partial<Rental> = {}): Rental {
  return sampleRental({ unitId: null, verifiedBy: 'box', ...part });
}

export function paidUntil(at: Instant, pending = 0): NonNullable<Rental['cache']> {
  return {
    tenancyId: tenancyId(RENTAL_ID, 1),
    startedAt: NOW,
    seconds: 0 as Seconds,
    throughSeq: 1,
    paidUntil: at,
    possiblyPaidUntil: at,
    pending,
  };
}
