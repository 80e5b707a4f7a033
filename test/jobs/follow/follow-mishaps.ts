/** What can befall followers and their provider: drawn by chance, played in order. */
import fc from 'fast-check';
import type { FollowerProcess, FollowWorld } from './follow-world';

/** Numbers are picks, read modulo what there is. */
export type Mishap =
  | { readonly kind: 'pay' | 'pay-unseen' | 'unit' | 'notice'; readonly pick: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'beat' | 'deliver-all' | 'cut' | 'start' | 'renumber' }
  | { readonly kind: 'deliver' | 'repeat' | 'lose' | 'garble'; readonly pick: number }
  | { readonly kind: 'links'; readonly to: FollowWorld['provider']['links'] }
  | { readonly kind: 'trim'; readonly keep: number }
  | { readonly kind: 'rest'; readonly fails: FollowWorld['provider']['restFails'] }
  | { readonly kind: 'database'; readonly is: 'up' | 'down' }
  | { readonly kind: 'kill' | 'pause' | 'resume' | 'stop'; readonly pick: number }
  | { readonly kind: 'kill-at' | 'pause-at'; readonly pick: number; readonly step: number };

const pick = fc.nat(50);
const of = <Kind extends string>(...kinds: readonly Kind[]) =>
  fc.record({ kind: fc.constantFrom(...kinds), pick });

export const mishaps: fc.Arbitrary<Mishap[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: of('pay', 'pay-unseen', 'unit', 'notice') },
    { weight: 6, arbitrary: of('deliver', 'repeat', 'lose', 'garble') },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(20_000) }) },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constantFrom(
          'beat',
          'beat',
          'deliver-all',
          'deliver-all',
          'cut',
          'start',
          'renumber',
        ),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('links' as const),
        to: fc.constantFrom('deliver', 'hold', 'hold', 'refuse'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('trim' as const), keep: fc.nat(5) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('rest' as const),
        fails: fc.constantFrom('never', 'never', 'passing', 'refused'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('database' as const),
        is: fc.constantFrom('up', 'up', 'down'),
      }),
    },
    { weight: 2, arbitrary: of('kill', 'pause', 'resume', 'resume', 'stop') },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('kill-at', 'kill-at', 'pause-at'),
        ...{ pick, step: fc.integer({ min: 1, max: 25 }) },
      }),
    },
  ),
  { minLength: 1, maxLength: 60 },
);

export class Rehearsal {
  readonly processes: FollowerProcess[] = [];
  readonly #stopped = new Set<FollowerProcess>();
  #started = 0;

  constructor(readonly world: FollowWorld) {}

  start(): void {
    if (this.#alive().length >= 3) return;
    this.#started += 1;
    this.processes.push(this.world.start(`process-${this.#started}`));
  }

  async play(mishap: Mishap): Promise<void> {
    const { provider, clock } = this.world;
    switch (mishap.kind) {
      case 'pay':
      case 'pay-unseen':
      case 'unit':
      case 'notice':
        return this.#happen(mishap.kind, mishap.pick);
      case 'pass':
        return clock.advance(mishap.ms);
      case 'beat':
        return provider.beat();
      case 'deliver-all':
        for (const connection of this.#open()) connection.deliver();
        return clock.advance(0);
      case 'deliver':
      case 'repeat':
      case 'lose':
      case 'garble':
        this.#wire(mishap.kind, mishap.pick);
        return clock.advance(0);
      case 'cut':
        return provider.cut();
      case 'start':
        return this.start();
      case 'links':
        provider.links = mishap.to;
        return;
      case 'trim':
        return provider.trim(mishap.keep);
      case 'renumber':
        return provider.renumber();
      case 'rest':
        provider.restFails = mishap.fails;
        return;
      case 'database':
        this.world.database = mishap.is;
        return;
      case 'kill':
      case 'kill-at':
      case 'pause':
      case 'pause-at':
      case 'resume':
      case 'stop':
        return this.#befall(mishap);
    }
  }

  /** Everything works again, and at least one process is there. */
  async recover(): Promise<void> {
    const { world } = this;
    const { provider } = world;
    world.database = 'up';
    provider.restFails = 'never';
    provider.links = 'deliver';
    for (const { life } of this.processes) {
      life.atStep(Number.MAX_SAFE_INTEGER, () => undefined);
      life.resume();
    }
    for (const connection of this.#open()) connection.cut();
    this.start();
    await world.live(180_000);
  }

  #alive(): FollowerProcess[] {
    return this.processes.filter((one) => !one.life.isDead() && !this.#stopped.has(one));
  }

  #open() {
    return this.world.provider.connections.filter((one) => one.isOpen);
  }

  #happen(kind: 'pay' | 'pay-unseen' | 'unit' | 'notice', n: number): void {
    const { provider } = this.world;
    if (kind === 'notice') provider.notice('All is well.');
    else if (kind === 'unit') provider.sayUnit(`unit-${n % 4}`);
    else provider.say(`tx-${n % 12}`, {}, kind === 'pay' ? 'send' : 'skip');
  }

  #wire(fate: 'deliver' | 'repeat' | 'lose' | 'garble', n: number): void {
    for (const connection of this.#open()) {
      const { wire } = connection;
      if (wire.length === 0) continue;
      const at = n % wire.length;
      const [signal] = fate === 'repeat' ? [wire[at]!] : wire.splice(at, 1);
      if (signal === undefined || fate === 'lose') continue;
      if (fate !== 'garble') connection.deliver([signal]);
      else if (signal.kind === 'transaction') {
        const { seq, time, word } = signal;
        const ids = n % 2 === 0 ? { seq, time, txId: word.txId } : { seq, time: null, txId: null };
        const fault = { unitId: null, fault: 'broken', excerpt: '{' };
        connection.deliver([{ kind: 'unreadable', ...ids, ...fault }]);
      }
    }
  }

  async #befall(
    mishap: Extract<Mishap, { kind: 'kill' | 'pause' | 'resume' | 'stop' | `${string}-at` }>,
  ): Promise<void> {
    const alive = this.#alive();
    const one = alive[mishap.pick % Math.max(1, alive.length)];
    if (one === undefined) return;
    const { life, job } = one;
    if (mishap.kind === 'kill-at') life.atStep(mishap.step, () => life.kill());
    else if (mishap.kind === 'pause-at') life.atStep(mishap.step, () => life.pause());
    else if (mishap.kind === 'stop') {
      this.#stopped.add(one);
      void job.stop();
    } else life[mishap.kind]();
  }
}

/** The provider's word about each transaction that is not stored in its highest version, if any. */
export function unstored(world: FollowWorld, isWanted: (at: number) => boolean): string[] {
  const found: string[] = [];
  for (const [id, word] of world.provider.transactions) {
    const kept = world.transactions.get(id);
    const isThere = kept !== undefined && kept.word.version >= word.version;
    if (!isThere && isWanted(word.updatedAt)) found.push(`${id} v${word.version}`);
  }
  return found;
}
