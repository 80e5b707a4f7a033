/** Generates what a manager decides about payments, and says it to a process. */
import fc from 'fast-check';
import { entryId, parseTenancyId } from '../../src/domain/ids';
import { decidePayment } from '../../src/flows/deciding/decide-payment';
import { reverseEntry } from '../../src/flows/deciding/reverse-entry';
import { eventIdOf, txIdOf, type Plan } from './payment-plans';
import type { Process } from './world';

export interface Saying {
  readonly as: 'link' | 'confirm' | 'assign' | 'refunded' | 'dismissed' | 'reverse';
  /** Which gift it is about; counted modulo how many there are. */
  readonly gift: number;
  /** By which of its names the payment is called. */
  readonly by: 'event' | 'transaction';
}

export const aSaying = fc.record<Saying>({
  as: fc.constantFrom('link', 'confirm', 'confirm', 'assign', 'refunded', 'dismissed', 'reverse'),
  gift: fc.nat({ max: 5 }),
  by: fc.constantFrom('event', 'transaction'),
});

const reason = 'The estate has looked into it.';
const author = 'Manager';

/** Whatever comes of it is an answer; only an outage throws. `n` tells the sayings apart. */
export async function say(
  process: Process,
  all: readonly Plan[],
  { as, gift, by }: Saying,
  n: number,
): Promise<string> {
  const plan = all[gift % all.length];
  if (plan === undefined) return 'nothing to say';
  if (as === 'reverse') {
    const id = entryId(parseTenancyId('r_1:1'), (gift % 3) + 1);
    const asked = { entryId: id, author, reason, requestId: `key_1:${n}` };
    return (await reverseEntry(process, asked)).kind;
  }
  const outcome = await decidePayment(process, {
    paymentId: by === 'event' ? eventIdOf(plan) : txIdOf(plan),
    as,
    ...{ txId: txIdOf(plan), type: null, reference: `R${n}` },
    tenancyId: as === 'assign' ? parseTenancyId('r_1:1') : null,
    author,
    reason,
  });
  return outcome.kind;
}
