/** What a box does next, and what it then says: pure, by what it holds and wishes. */
import type { BoxEvent, BoxMemory } from './memory';

export interface SnapshotSaid {
  readonly left: number;
  readonly renter: string;
  readonly at: number;
}

export type Job =
  | { readonly kind: 'register' | 'hello' | 'standing' }
  | { readonly kind: 'event'; readonly event: BoxEvent }
  | { readonly kind: 'snapshot'; readonly snapshot: SnapshotSaid };

/** What is to be said beside the outbox; lost at a restart. */
export interface Wishes {
  hello: boolean;
  snapshot: SnapshotSaid | null;
  /** Milliseconds, by the clock of the box. */
  nextPollAt: number;
  pollEveryMs: number;
  /** Somebody asked for a poll now. */
  pollAsked: boolean;
}

/** One at a time, the oldest event first; a poll that is more than a period late goes before. */
export function nextJob(
  memory: BoxMemory,
  wishes: Wishes,
  now: number,
): { readonly job: Job; readonly at: number } {
  if (memory.secret === null) return { job: { kind: 'register' }, at: now };
  if (wishes.hello) return { job: { kind: 'hello' }, at: now };
  const isLate = now - wishes.nextPollAt > wishes.pollEveryMs;
  if (wishes.pollAsked || isLate) return { job: { kind: 'standing' }, at: now };
  const [event] = memory.outbox;
  if (event !== undefined) return { job: { kind: 'event', event }, at: now };
  const { snapshot } = wishes;
  if (snapshot !== null) return { job: { kind: 'snapshot', snapshot }, at: now };
  return { job: { kind: 'standing' }, at: wishes.nextPollAt };
}

export const CALL_OF = {
  register: 'register',
  hello: 'events',
  event: 'events',
  snapshot: 'events',
  standing: 'standing',
} as const satisfies Record<Job['kind'], string>;

export interface Saying {
  readonly memory: BoxMemory;
  /** Unix seconds by the box's clock. */
  readonly time: number;
  readonly rezzed: number;
  readonly shard: string;
  readonly region: string;
  readonly version: string;
}

export function bodyOf(job: Job, saying: Saying): object {
  const { memory, time, rezzed, shard, region, version } = saying;
  const outbox = memory.outbox.length;
  switch (job.kind) {
    case 'register':
      return { v: 1, shard, region, rezzed };
    case 'hello':
      return { v: 1, type: 'hello', at: time, rezzed, version, outbox };
    case 'event':
      return { v: 1, ...job.event };
    case 'snapshot':
      return { v: 1, type: 'snapshot', ...job.snapshot };
    case 'standing':
      return { v: 1, seen: time, outbox };
  }
}
