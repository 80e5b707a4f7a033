/**
 * A simulated tierbox: pairs, keeps an outbox, signs, retries and polls as the in-world script
 * does.
 */
import type { Clock } from '../../src/flows/ports/clock';
import type { Random } from '../sim-provider/random';
import type { Job } from './jobs';
import { Machine } from './machine';
import type { BoxMemory } from './memory';
import type { BoxStateShown, StandingTold } from './shown';

export interface SimBoxOptions {
  readonly baseUrl: string;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly random: Pick<Random, 'next' | 'uuid'>;
  /** Null where `memory` holds a secret already. */
  readonly pairingCode: string | null;
  readonly objectKey: string;
  readonly ownerKey: string;
  readonly shard: string;
  readonly region: string;
  /** Multiplies every wait: 1 = as in-world. */
  readonly retryScale: number;
  /** What the object held before; changed in place. */
  readonly memory?: BoxMemory;
  /** Seconds by which the box's own clock is ahead (negative: behind). */
  readonly clockSkewS?: number;
  /** What the owner is told in-world. */
  readonly tell?: (text: string) => void;
  /** Every answer, for whoever watches; what was lost comes under its error's name. */
  readonly watch?: (job: Job['kind'], code: string) => void;
  /** To stand for a bad network. */
  readonly fetch?: typeof fetch;
  readonly version?: string;
}

export interface PayInput {
  /** UUID. */
  readonly payer: string;
  readonly name: string;
  /** L$. */
  readonly amount: number;
  /** The provider's transaction id, where the box heard it. */
  readonly ref?: string;
}

export interface SimBox {
  /** Somebody pays: the event's id, or null where the box takes no payments just now. */
  pay(input: PayInput): string | null;
  /** The box gives L$ of a payment back. */
  giveBack(input: { readonly eventId: string; readonly amount: number }): void;
  /** The provider's box says how it stands; only the latest word is sent. `left` in seconds. */
  snapshot(input: { readonly left: number; readonly renter: string }): void;
  /** Asks for the standing as soon as may be; null where the box is halted or stopped. */
  poll(): Promise<StandingTold | null>;
  /** Settles when nothing waits in the outbox any more, or the box is halted or stopped. */
  drained(): Promise<void>;
  state(): BoxStateShown;
  /** What the object holds, fit to be copied into another object. */
  memory(): BoxMemory;
  /** The owner touches a halted box: it tries again. */
  resume(): void;
  /** Ends every wait; settles when no call is under way. */
  stop(): Promise<void>;
}

/** Starts at once: registers where it has no secret, else says hello. */
export function createSimBox(options: SimBoxOptions): SimBox {
  const machine = new Machine(options);
  const { random } = options;
  return {
    pay({ payer, name, amount, ref }) {
      if (!machine.isSelling()) return null;
      const id = random.uuid();
      const named = ref === undefined ? {} : { ref };
      machine.put({ type: 'payment', id, payer, name, amount, at: machine.time(), ...named });
      return id;
    },
    giveBack({ eventId, amount }) {
      machine.put({ type: 'returned', id: eventId, amount, at: machine.time() });
    },
    snapshot: (input) => machine.say({ ...input, at: machine.time() }),
    poll: () => machine.poll(),
    drained: () => machine.drained(),
    state: () => machine.shown(),
    memory: () => machine.memory,
    resume: () => machine.resume(),
    stop: () => machine.stop(),
  };
}
