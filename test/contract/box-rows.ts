/** Boxes for the contract of BoxStore: one that holds everything, and one that holds nothing. */
import { newBox, type Box, type Snapshot } from '../../src/domain/box';
import type { AgentKey, BoxId, ObjectKey, RentalId } from '../../src/domain/ids';
import type { Instant } from '../../src/domain/time';

export const at = (ms: number): Instant => (1_772_000_000_000 + ms) as Instant;
const OBJECT = '11111111-1111-4111-8111-111111111111' as ObjectKey;
const OWNER = '22222222-2222-4222-8222-222222222222' as AgentKey;

export function aBox(name: string, change: Partial<Box> = {}): Box {
  return {
    id: `box_${name}` as BoxId,
    rev: 0,
    rentalId: `r_${name}` as RentalId,
    state: 'paired',
    objectKey: OBJECT,
    ownerKey: OWNER,
    secrets: [
      { text: 'ünïcode $ecret, with . and NUL-free text', since: at(1), until: null },
      { text: 'first secret of forty characters or more', since: at(0), until: at(5) },
    ],
    unopened: [],
    nextSecret: { text: 'the next secret, still on its way out', since: at(2), until: null },
    pairing: {
      key: 'pair_AB12',
      code: 'AB12-0123456789ab',
      expiresAt: at(9),
      usedBy: { objectKey: OBJECT, ownerKey: OWNER },
    },
    keyHistory: [{ objectKey: OBJECT, until: at(3) }],
    rebindAsked: [{ objectKey: OBJECT, at: at(4) }],
    lastSeenAt: at(10),
    outbox: 3,
    version: '1.2.0',
    url: 'http://sim.example/cap/1',
    rezzedAt: at(0),
    snapshot: aSnapshot(10),
    createdAt: at(0),
    ...change,
  };
}

export function aSnapshot(ms: number, change: Partial<Snapshot> = {}): Snapshot {
  return {
    at: at(ms),
    left: -30,
    renter: OWNER,
    locked: false,
    reserved: '$nobody',
    pricePerWeek: 196,
    prims: 100,
    over: null,
    rezzed: at(0),
    tenants: [OWNER],
    ...change,
  };
}

const {
  id: _id,
  rentalId: _rental,
  createdAt: _at,
  ...fresh
} = newBox('box_bare' as BoxId, 'r_bare' as RentalId, at(0));

/** A box of which nothing is known yet. */
export const bare: Partial<Box> = fresh;
