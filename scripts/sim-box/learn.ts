/**
 * What a box changes in itself when a call has succeeded: its memory and its wishes, nothing
 * else.
 */
import type { BoxAnswer } from './exchange';
import type { Job, Wishes } from './jobs';
import type { BoxMemory } from './memory';

export function learn(
  self: { readonly memory: BoxMemory; readonly wishes: Wishes },
  job: Job,
  answer: BoxAnswer,
): void {
  const { memory, wishes } = self;
  // A call that was taken proves that the newer secret is known: the older one is not needed.
  memory.previousSecret = null;
  switch (job.kind) {
    case 'register':
      memory.boxId = String(answer.fields['box']);
      memory.secret = String(answer.fields['secret']);
      wishes.hello = true;
      return;
    case 'hello':
      wishes.hello = false;
      return;
    case 'event':
      memory.outbox = memory.outbox.filter((event) => event !== job.event);
      return;
    case 'snapshot':
      if (wishes.snapshot === job.snapshot) wishes.snapshot = null;
      return;
    case 'standing': {
      wishes.pollAsked = false;
      const next = answer.fields['next'];
      if (typeof next === 'string') takeUp(memory, next);
    }
  }
}

/** A new secret signs from now on; the one before is kept until the new one has been accepted. */
function takeUp(memory: BoxMemory, next: string): void {
  memory.previousSecret = memory.secret;
  memory.secret = next;
}

/** Refused for good: what the call was about is not said again. */
export function giveUp(
  self: { readonly memory: BoxMemory; readonly wishes: Wishes },
  job: Job,
  code: string,
): void {
  const { memory, wishes } = self;
  switch (job.kind) {
    case 'event':
      memory.outbox = memory.outbox.filter((event) => event !== job.event);
      memory.dead.push({ event: job.event, code });
      return;
    case 'hello':
      wishes.hello = false;
      return;
    case 'snapshot':
      if (wishes.snapshot === job.snapshot) wishes.snapshot = null;
      return;
    case 'register':
    case 'standing':
      return;
  }
}

/** True where a refused signature may be that of a newer secret: the one before is tried again. */
export function fallBack(memory: BoxMemory): boolean {
  if (memory.previousSecret === null) return false;
  memory.secret = memory.previousSecret;
  memory.previousSecret = null;
  return true;
}
