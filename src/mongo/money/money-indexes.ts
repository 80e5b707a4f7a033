/** The indexes that the money stores live on; made and compared at start by indexes.ts. */
import type { HelperIndex } from '../embedded/helper-indexes';
import type { Index } from '../indexes';

/**
 * One name is unique beside the `_id`s: an entry's source within its tenancy. It begins with the
 * collection's shard key and both its fields are always there, so that a sharded cluster watches
 * over it as well. Sparse ones hold what is unfinished or unusual, and stay small.
 */
export const MONEY_INDEXES: readonly Index[] = [
  { collection: 'reports', keys: { slot: 1 }, sparse: true },
  { collection: 'reports', keys: { txs: 1 }, sparse: true },
  { collection: 'reports', keys: { eventId: 1 }, sparse: true },
  { collection: 'reports', keys: { openOf: 1 }, sparse: true },
  { collection: 'reports', keys: { nextCheckAt: 1 }, sparse: true },
  { collection: 'reports', keys: { 'listed.at': -1, _id: -1 } },
  { collection: 'reports', keys: { 'listed.of': 1, 'listed.at': -1 }, sparse: true },
  { collection: 'reports', keys: { 'listed.payer': 1, 'listed.at': -1 }, sparse: true },
  { collection: 'reports', keys: { 'unusual.state': 1, 'unusual.at': -1 }, sparse: true },
  { collection: 'transactions', keys: { slot: 1 } },
  { collection: 'transactions', keys: { openOf: 1 }, sparse: true },
  { collection: 'transactions', keys: { nextCheckAt: 1 }, sparse: true },
  { collection: 'transactions', keys: { foreign: 1 }, sparse: true },
  { collection: 'transactions', keys: { 'listed.at': -1, _id: -1 } },
  { collection: 'transactions', keys: { 'listed.of': 1, 'listed.at': -1 } },
  { collection: 'transactions', keys: { 'listed.payer': 1, 'listed.at': -1 } },
  { collection: 'transactions', keys: { 'unusual.state': 1, 'unusual.at': -1 }, sparse: true },
  { collection: 'entries', keys: { tenancyId: 1, source: 1 }, unique: true },
  { collection: 'entries', keys: { paymentId: 1 } },
  { collection: 'tenancies', keys: { rentalId: 1 } },
  { collection: 'rentals', keys: { unitId: 1 }, sparse: true },
  { collection: 'rentals', keys: { withoutUnit: 1 }, sparse: true },
  { collection: 'rentals', keys: { secondKeyAt: 1 }, sparse: true },
  { collection: 'rentals', keys: { resyncAt: 1 }, sparse: true },
  { collection: 'rentals', keys: { region: 1, _id: 1 } },
  { collection: 'breaks', keys: { unsettled: 1 }, sparse: true },
  { collection: 'breaks', keys: { openedAt: -1, _id: -1 } },
  { collection: 'breaks', keys: { state: 1, openedAt: -1, _id: -1 } },
];

/** Compare-and-set on `rev` scans the collection where no index covers both fields. */
export const MONEY_HELPER_INDEXES: readonly HelperIndex[] = [
  ['reports', { _id: 1, rev: 1 }],
  ['transactions', { _id: 1, rev: 1 }],
  ['tenancies', { _id: 1, rev: 1 }],
  ['rentals', { _id: 1, rev: 1 }],
  ['breaks', { _id: 1, rev: 1 }],
];
