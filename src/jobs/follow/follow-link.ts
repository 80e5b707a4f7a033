/**
 * Follows one link to the status stream to its end: stores what it says, then counts it as heard.
 */
import type { Instant } from '../../domain/time';
import type { StreamConnection, StreamEnd, StreamSignal } from '../../flows/ports/provider-port';
import { BoundedLines } from '../../flows/ports/bounded-lines';
import { takeHeard, type Following } from './following';
import type { LookUpLane, UnreadableSignal } from './look-up-lane';
import type { PlaceKeeper } from './place-keeper';

export interface LinkParts {
  readonly place: PlaceKeeper;
  readonly lookUps: LookUpLane;
  /** Numbering began anew under this link. */
  renumbered(): void;
}

export interface EndedLink {
  readonly end: StreamEnd;
  /** How long it lived after its hello; 0 when it got none. */
  readonly healthyMs: number;
}

/**
 * A term that was lost, or a process that was stopped, ends the link before anything more of it is
 * stored. @throws whatever storing throws.
 */
export async function followLink(
  following: Following,
  parts: LinkParts,
  connection: StreamConnection,
): Promise<EndedLink> {
  const { deps, term, signal } = following;
  const link = new Link(following, parts);
  const close = (): void => connection.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    for await (const batch of connection.signals) {
      if (!term.isHeld() || signal.aborted) break;
      await link.take(batch);
    }
  } finally {
    signal.removeEventListener('abort', close);
    connection.close();
    link.end();
  }
  const end = await connection.end;
  const { greetedAt } = link;
  return { end, healthyMs: greetedAt === null ? 0 : deps.clock.now() - greetedAt };
}

type Hello = Extract<StreamSignal, { readonly kind: 'hello' }>;

class Link {
  greetedAt: number | null = null;
  readonly #notices: BoundedLines;

  constructor(
    private readonly following: Following,
    private readonly parts: LinkParts,
  ) {
    this.#notices = new BoundedLines('info', 'notice of the provider', following.deps);
  }

  end(): void {
    this.#notices.end();
  }

  async take(batch: readonly StreamSignal[]): Promise<void> {
    let part: StreamSignal[] = [];
    for (const signal of batch) {
      if (signal.kind !== 'hello') {
        part.push(signal);
        continue;
      }
      await this.#takePart(part);
      part = [];
      await this.#greet(signal);
    }
    await this.#takePart(part);
  }

  /**
   * A new stream id is stored before any word that ranks by it, and that a snapshot is due before
   * any number of the new numbering is heard: a process that dies here leaves no doubt behind.
   */
  async #greet(hello: Hello): Promise<void> {
    const { deps, book } = this.following;
    const now = deps.clock.now();
    const numbering = book.hello(hello, now);
    this.greetedAt = now;
    const { streamId, seq, oldest, heartbeatMs } = hello;
    deps.log.info('stream opened', { streamId, seq, oldest, heartbeatMs, numbering });
    if (numbering === 'new-full') deps.log.error('ranks of stream ids used up', { streamId });
    if (numbering !== 'same') this.parts.renumbered();
    if (numbering !== 'same' || book.isSnapshotDue) await this.parts.place.write();
    this.following.changed();
  }

  async #takePart(signals: readonly StreamSignal[]): Promise<void> {
    if (signals.length === 0) return;
    const { deps, book } = this.following;
    const heardAt = deps.clock.now();
    const wasDue = book.isSnapshotDue;
    if (this.greetedAt !== null) {
      const { streamRank } = book;
      const transactions = signals.flatMap((one) => (one.kind === 'transaction' ? one.word : []));
      const units = signals.flatMap((one) => (one.kind === 'unit' ? one.word : []));
      const heard = { witness: 'stream' as const, streamRank };
      await takeHeard(this.following, { transactions, units }, heard);
    }
    await this.#putAside(signals.filter((one) => one.kind === 'unreadable'));
    for (const signal of signals) this.#hear(signal, heardAt);
    this.#count(signals);
    if (book.isSnapshotDue && !wasDue) await this.parts.place.write();
    this.following.changed();
  }

  async #putAside(signals: readonly UnreadableSignal[]): Promise<void> {
    if (signals.length === 0) return;
    const { deps, term } = this.following;
    const at = deps.clock.now();
    term.assure();
    await deps.asides.put(
      signals.map(({ seq, fault, excerpt }) => ({ at, from: 'stream', seq, fault, excerpt })),
    );
    deps.metrics.putAside('stream', signals.length);
  }

  /** What comes before a hello is not heard: its numbers are missing, and come again. */
  #hear(signal: StreamSignal, heardAt: Instant): void {
    const { deps, book } = this.following;
    switch (signal.kind) {
      case 'bye':
        deps.log.info('stream says bye', { reason: signal.reason, retryMs: signal.retryMs });
        return;
      case 'hello':
        return;
      case 'unreadable':
        return this.parts.lookUps.add(signal);
      case 'gap':
        if (this.greetedAt === null) return;
        deps.log.warn('stream cannot replay', { oldest: signal.oldest });
        return book.gap();
      case 'notice':
        this.#notices.note({ type: signal.type, text: signal.text });
        break;
      case 'transaction':
      case 'unit':
      case 'heartbeat':
        break;
    }
    if (this.greetedAt === null) return;
    const kind = signal.kind === 'heartbeat' ? 'heartbeat' : 'event';
    book.hear({ kind, seq: signal.seq, time: signal.time }, heardAt);
  }

  #count(signals: readonly StreamSignal[]): void {
    const counts = new Map<string, number>();
    for (const { kind } of signals) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    for (const [kind, count] of counts) this.following.deps.metrics.streamSignals(kind, count);
  }
}
