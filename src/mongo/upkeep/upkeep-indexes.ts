/** The indexes that the upkeep stores live on; made and compared at start by indexes.ts. */
import type { HelperIndex } from '../embedded/helper-indexes';
import type { Index } from '../indexes';

/**
 * Nothing here is unique: every name that must be is an `_id`, the one key that a sharded cluster
 * watches over. Audit, keys and repairs never expire.
 */
export const UPKEEP_INDEXES: readonly Index[] = [
  { collection: 'boxes', keys: { rentalId: 1, _id: 1 } },
  { collection: 'boxes', keys: { 'pairing.key': 1 } },
  { collection: 'nonces', keys: { expireAt: 1 }, expires: true },
  { collection: 'references', keys: { reference: 1 } },
  { collection: 'requests', keys: { expireAt: 1 }, expires: true },
  { collection: 'sweeps', keys: { expireAt: 1 }, expires: true },
  { collection: 'sweeps', keys: { kind: 1, status: 1, dueAt: 1, startedAt: 1, _id: 1 } },
  { collection: 'sweeps', keys: { kind: 1, rentalId: 1, startedAt: -1, _id: -1 } },
  { collection: 'sweeps', keys: { startedAt: -1, _id: -1 } },
  { collection: 'audit', keys: { subject: 1, _id: -1 } },
  { collection: 'audit', keys: { region: 1, _id: -1 } },
  { collection: 'keys', keys: { hash: 1 } },
  { collection: 'keys', keys: { createdAt: -1, _id: -1 } },
];

/**
 * For an engine whose planner uses an index only where it covers every field of a filter (the
 * embedded one): without them these compare-and-sets would scan their collections.
 */
export const UPKEEP_HELPER_INDEXES: readonly HelperIndex[] = [
  ['boxes', { _id: 1, rev: 1 }],
  ['boxes', { _id: 1, snapshotAt: 1 }],
  ['sweeps', { _id: 1, fence: 1 }],
  ['repairs', { _id: 1, planned: 1 }],
  ['requests', { _id: 1, answer: 1 }],
  ['requests', { _id: 1, startedAt: 1 }],
];
