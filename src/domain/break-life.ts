/**
 * How a difference is opened, comes back and goes: each step on what is kept of it; stores
 * nothing.
 */
import { daysToSettle, type Break, type BreakDraft } from './break';
import { SYSTEM } from './ledger/entry';
import type { BreakId } from './ids';
import { DAY_MS, plusMs, type Instant } from './time';

interface Opening {
  readonly id: BreakId;
  readonly draft: BreakDraft;
  readonly owner: string;
  readonly now: Instant;
}

/** A difference that was never seen before; `rev` 0, as what is not stored yet has. */
export function openBreak({ id, draft, owner, now }: Opening): Break {
  return { ...draft, id, rev: 0, owner, comments: [], ...openedAt(draft, now) };
}

/**
 * The same difference was found again. An open one takes what differs now. A closed one is open
 * again: always where the system had closed it or only proposed to, and where a person had resolved
 * it, only when something else differs than then. Null where nothing changes.
 */
export function reopenBreak(
  kept: Break,
  { draft, now }: Omit<Opening, 'id' | 'owner'>,
): Break | null {
  const isSame = kept.fingerprint === draft.fingerprint;
  if (kept.state === 'open') return isSame ? null : { ...kept, ...draft };
  const byPerson = kept.state === 'resolved' && kept.resolvedBy !== SYSTEM;
  if (byPerson && isSame) return null;
  const text = `Found again. ${kept.resolvedBy ?? ''} had resolved it: ${kept.resolution ?? ''}`;
  const comments = byPerson ? [...kept.comments, { at: now, author: SYSTEM, text }] : kept.comments;
  return { ...kept, ...draft, comments, ...openedAt(draft, now) };
}

interface Settling {
  readonly resolution: string;
  readonly as: 'proposed' | 'resolved';
  readonly now: Instant;
}

/** The difference is gone, the system says. Null where that is known, or a person has closed it. */
export function settleBreak(kept: Break, { resolution, as, now }: Settling): Break | null {
  if (kept.state === 'resolved' || kept.state === as) return null;
  const closed = as === 'resolved' ? { resolvedAt: now, resolvedBy: SYSTEM } : {};
  return { ...kept, ...closed, state: as, resolution };
}

function openedAt(draft: BreakDraft, now: Instant) {
  const dueAt = plusMs(now, daysToSettle(draft.kind) * DAY_MS);
  const unresolved = { resolution: null, resolvedAt: null, resolvedBy: null } as const;
  return { state: 'open', openedAt: now, dueAt, ...unresolved } as const;
}
