/** A box as it is stored: its secrets sealed, its instants dates; reads and writes nothing. */
import type { SchemaDefinition } from 'mongoose';
import type { Box, BoxSecret, BoxState, Pairing, Snapshot, UnopenedSecret } from '../../domain/box';
import {
  parseAgentKey,
  parseBoxId,
  parseObjectKey,
  parseRentalId,
  type AgentKey,
  type ObjectKey,
} from '../../domain/ids';
import type { SecretOpener } from './secret-opener';
import type { SecretSealing } from './secret-sealing';
import { part, toDate, toDateOrNull, toInstant, toInstantOrNull } from '../stored-record';

interface SecretRecord {
  sealed: string;
  since: Date;
  until: Date | null;
}

type SnapshotRecord = Omit<Snapshot, 'at' | 'rezzed'> & { at: Date; rezzed: Date | null };

export interface BoxRecord {
  _id: string;
  rev: number;
  rentalId: string;
  state: BoxState;
  objectKey: string | null;
  ownerKey: string | null;
  secrets: SecretRecord[];
  nextSecret: SecretRecord | null;
  pairing: {
    key: string;
    sealed: string;
    expiresAt: Date;
    usedBy: { objectKey: string; ownerKey: string } | null;
  } | null;
  keyHistory: { objectKey: string; until: Date }[];
  rebindAsked: { objectKey: string; at: Date }[];
  lastSeenAt: Date | null;
  outbox: number | null;
  /** When `outbox` was said. */
  outboxAt: Date | null;
  version: string | null;
  url: string | null;
  rezzedAt: Date | null;
  snapshot: SnapshotRecord | null;
  /** The snapshot's time, long ago where there is none, so that one range compares them all. */
  snapshotAt: Date;
  createdAt: Date;
}

/** What a save leaves as it is stored: `noteSeen` and `keepSnapshot` alone change it. */
export const KEPT_BY_SAVE = ['lastSeenAt', 'outbox', 'outboxAt', 'snapshot', 'snapshotAt'] as const;

const LONG_AGO = new Date(0);

const secretFields = { sealed: String, since: Date, until: Date };

export const boxFields: SchemaDefinition = {
  _id: String,
  rev: Number,
  rentalId: String,
  state: String,
  objectKey: String,
  ownerKey: String,
  secrets: [part(secretFields)],
  nextSecret: part(secretFields),
  pairing: part({
    key: String,
    sealed: String,
    expiresAt: Date,
    usedBy: part({ objectKey: String, ownerKey: String }),
  }),
  keyHistory: [part({ objectKey: String, until: Date })],
  rebindAsked: [part({ objectKey: String, at: Date })],
  lastSeenAt: Date,
  outbox: Number,
  outboxAt: Date,
  version: String,
  url: String,
  rezzedAt: Date,
  snapshot: part({
    at: Date,
    left: Number,
    renter: String,
    locked: Boolean,
    reserved: String,
    pricePerWeek: Number,
    prims: Number,
    over: Boolean,
    rezzed: Date,
    tenants: [String],
  }),
  snapshotAt: Date,
  createdAt: Date,
};

export function snapshotRecord(snapshot: Snapshot): SnapshotRecord {
  return {
    ...snapshot,
    at: toDate(snapshot.at),
    rezzed: toDateOrNull(snapshot.rezzed),
    tenants: [...snapshot.tenants],
  };
}

export function toRecord(box: Box, sealing: SecretSealing): BoxRecord {
  const { id, pairing, snapshot, unopened, ...rest } = box;
  const seal = (text: string): string => sealing.seal(text, id);
  const secret = ({ text, since, until }: BoxSecret): SecretRecord => ({
    sealed: seal(text),
    since: toDate(since),
    until: toDateOrNull(until),
  });
  return {
    ...rest,
    _id: id,
    secrets: [...box.secrets.map(secret), ...unopened.map(unopenedRecord)].sort(newestFirst),
    nextSecret: box.nextSecret === null ? null : secret(box.nextSecret),
    pairing: pairing === null ? null : pairingRecord(pairing, seal),
    keyHistory: box.keyHistory.map(({ objectKey, until }) => ({ objectKey, until: toDate(until) })),
    rebindAsked: box.rebindAsked.map(({ objectKey, at }) => ({ objectKey, at: toDate(at) })),
    lastSeenAt: toDateOrNull(box.lastSeenAt),
    outboxAt: box.outbox === null ? null : toDateOrNull(box.lastSeenAt),
    rezzedAt: toDateOrNull(box.rezzedAt),
    snapshot: snapshot === null ? null : snapshotRecord(snapshot),
    snapshotAt: snapshot === null ? LONG_AGO : toDate(snapshot.at),
    createdAt: toDate(box.createdAt),
  };
}

const unopenedRecord = ({ sealed, since, until }: UnopenedSecret): SecretRecord => ({
  sealed,
  since: toDate(since),
  until: toDateOrNull(until),
});

const newestFirst = (a: SecretRecord, b: SecretRecord): number => +b.since - +a.since;

/**
 * A secret that does not open stands among the unopened, that on offer too: the box may have taken
 * it up. A pairing whose code does not open is left out.
 */
export function toDomain(record: BoxRecord, opener: SecretOpener): Box {
  const { _id, outboxAt: _outboxAt, snapshotAt: _snapshotAt, pairing, snapshot, ...rest } = record;
  const open = (sealed: string): string | null => opener.open(sealed, _id);
  const unopened: UnopenedSecret[] = [];
  const secret = ({ sealed, since, until }: SecretRecord): BoxSecret[] => {
    const times = { since: toInstant(since), until: toInstantOrNull(until) };
    const text = open(sealed);
    if (text !== null) return [{ text, ...times }];
    unopened.push({ sealed, ...times });
    return [];
  };
  return {
    ...rest,
    id: parseBoxId(_id),
    rentalId: parseRentalId(record.rentalId),
    objectKey: objectKeyOrNull(record.objectKey),
    ownerKey: agentKeyOrNull(record.ownerKey),
    secrets: record.secrets.flatMap(secret),
    nextSecret: record.nextSecret === null ? null : (secret(record.nextSecret)[0] ?? null),
    unopened,
    pairing: pairing === null ? null : toPairing(pairing, open),
    keyHistory: record.keyHistory.map(({ objectKey, until }) => ({
      objectKey: parseObjectKey(objectKey),
      until: toInstant(until),
    })),
    rebindAsked: record.rebindAsked.map(({ objectKey, at }) => ({
      objectKey: parseObjectKey(objectKey),
      at: toInstant(at),
    })),
    lastSeenAt: toInstantOrNull(record.lastSeenAt),
    rezzedAt: toInstantOrNull(record.rezzedAt),
    snapshot: snapshot === null ? null : toSnapshot(snapshot),
    createdAt: toInstant(record.createdAt),
  };
}

function pairingRecord(
  { key, code, expiresAt, usedBy }: Pairing,
  seal: (text: string) => string,
): BoxRecord['pairing'] {
  return { key, sealed: seal(code), expiresAt: toDate(expiresAt), usedBy };
}

function toPairing(
  { key, sealed, expiresAt, usedBy }: NonNullable<BoxRecord['pairing']>,
  open: (sealed: string) => string | null,
): Pairing | null {
  const code = open(sealed);
  if (code === null) return null;
  return {
    key,
    code,
    expiresAt: toInstant(expiresAt),
    usedBy:
      usedBy === null
        ? null
        : {
            objectKey: parseObjectKey(usedBy.objectKey),
            ownerKey: parseAgentKey(usedBy.ownerKey),
          },
  };
}

function toSnapshot(record: SnapshotRecord): Snapshot {
  return { ...record, at: toInstant(record.at), rezzed: toInstantOrNull(record.rezzed) };
}

const objectKeyOrNull = (text: string | null): ObjectKey | null =>
  text === null ? null : parseObjectKey(text);
const agentKeyOrNull = (text: string | null): AgentKey | null =>
  text === null ? null : parseAgentKey(text);
