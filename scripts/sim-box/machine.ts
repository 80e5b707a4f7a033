/** The loop of a simulated box: one call at a time, paced, and what it makes of each answer. */
import type { Cancel } from '../../src/flows/ports/clock';
import { exchange, type BoxAnswer, type Exchanged } from './exchange';
import { bodyOf, CALL_OF, nextJob, type Job, type SnapshotSaid, type Wishes } from './jobs';
import { emptyMemory, EVENTS_TO_STOP_SELLING, MOST_EVENTS } from './memory';
import type { BoxEvent, BoxMemory } from './memory';
import { createOwner } from './owner';
import { createWaiters } from './waiters';
import { fallBack, giveUp, learn } from './learn';
import { createPace, retryAfterS } from './pace';
import { standingTold, type BoxStateShown, type StandingTold } from './shown';
import type { SimBoxOptions } from './sim-box';
import { verdictOf, type Verdict } from './verdict';

const CALL_WITHIN_S = 60;
/** However short the waits: a busy machine is no dead server. */
const LEAST_CALL_WITHIN_MS = 5_000;
const FIRST_POLL_S = 300;
/** Told to sign again more often than this in a row, a box takes it for a failure. */
const MOST_RESIGNED = 3;

export class Machine {
  readonly memory: BoxMemory;
  readonly #options: SimBoxOptions;
  readonly #pace: ReturnType<typeof createPace>;
  readonly #owner: ReturnType<typeof createOwner>;
  readonly #stopping = new AbortController();
  readonly #rezzed: number;
  readonly #wishes: Wishes;
  readonly #acknowledged: string[] = [];
  readonly #codes: Record<string, number> = {};
  readonly #polls = createWaiters<StandingTold | null>();
  readonly #drains = createWaiters<void>();
  #standing: StandingTold | null = null;
  #halted: string | null = null;
  #calls = 0;
  #cancel: Cancel = () => undefined;
  #inFlight: Promise<void> | null = null;
  #notBefore = 0;
  #failures = 0;
  #resigned = 0;

  constructor(options: SimBoxOptions) {
    this.#options = options;
    this.memory = options.memory ?? emptyMemory();
    this.#pace = createPace(options.retryScale);
    this.#owner = createOwner(options);
    this.#rezzed = this.time();
    const pollEveryMs = this.#ms(FIRST_POLL_S);
    this.#wishes = { hello: true, snapshot: null, nextPollAt: 0, pollEveryMs, pollAsked: false };
    this.#wishes.nextPollAt = options.clock.now();
    this.#kick();
  }

  /** Unix seconds by the box's own clock. */
  time(): number {
    return Math.floor(this.#options.clock.now() / 1_000) + (this.#options.clockSkewS ?? 0);
  }

  isSelling(): boolean {
    const isOpen = this.#standing === null || this.#standing.gate === 1;
    return isOpen && this.memory.outbox.length < EVENTS_TO_STOP_SELLING;
  }

  put(event: BoxEvent): void {
    const { outbox } = this.memory;
    if (outbox.length >= MOST_EVENTS) throw new Error('The outbox is full.');
    outbox.push(event);
    if (outbox.length === EVENTS_TO_STOP_SELLING)
      this.#owner.tell('No more payments: too much waits.');
    this.#kick();
  }

  say(snapshot: SnapshotSaid): void {
    this.#wishes.snapshot = snapshot;
    this.#kick();
  }

  poll(): Promise<StandingTold | null> {
    if (this.#isOver()) return Promise.resolve(null);
    this.#wishes.pollAsked = true;
    const told = this.#polls.wait();
    this.#kick();
    return told;
  }

  drained(): Promise<void> {
    if (this.memory.outbox.length === 0 || this.#isOver()) return Promise.resolve();
    return this.#drains.wait();
  }

  shown(): BoxStateShown {
    return {
      boxId: this.memory.boxId,
      outbox: this.memory.outbox.length,
      dead: [...this.memory.dead],
      acknowledged: [...this.#acknowledged],
      standing: this.#standing,
      halted: this.#halted,
      selling: this.isSelling(),
      inFlight: this.#inFlight !== null,
      calls: this.#calls,
      codes: { ...this.#codes },
    };
  }

  resume(): void {
    this.#halted = null;
    this.#notBefore = 0;
    this.#kick();
  }

  async stop(): Promise<void> {
    this.#cancel();
    this.#stopping.abort();
    await this.#inFlight;
    this.#settleWaiters();
  }

  #isOver(): boolean {
    return this.#halted !== null || this.#stopping.signal.aborted;
  }

  /** Starts the next call, or sets the time for it; harmless at any moment. */
  #kick(): void {
    this.#cancel();
    if (this.#inFlight !== null || this.#isOver()) return;
    const now = this.#options.clock.now();
    const { job, at } = nextJob(this.memory, this.#wishes, now);
    const from = Math.max(at, this.#notBefore, this.#pace.earliest());
    if (from > now) {
      this.#cancel = this.#options.clock.after(from - now, () => this.#kick());
      return;
    }
    this.#pace.note(now);
    this.#calls += 1;
    this.#inFlight = this.#call(job).then((exchanged) => {
      this.#inFlight = null;
      if (!this.#stopping.signal.aborted) this.#take(job, exchanged);
    });
  }

  async #call(job: Job): Promise<Exchanged> {
    const { clock, baseUrl, random, shard, region, version = '1.0.0' } = this.#options;
    const { memory } = this;
    const patienceMs = Math.max(LEAST_CALL_WITHIN_MS, this.#ms(CALL_WITHIN_S));
    const late = new AbortController();
    const cancel = clock.after(patienceMs, () => late.abort());
    const saying = { memory, time: this.time(), rezzed: this.#rezzed, shard, region, version };
    const exchanged = await exchange({
      baseUrl,
      identity: this.#identity(job),
      call: CALL_OF[job.kind],
      body: bodyOf(job, saying),
      timeUnix: this.time() + memory.clockOffsetS,
      nonce: random.uuid(),
      signal: AbortSignal.any([late.signal, this.#stopping.signal]),
      fetch: this.#options.fetch ?? fetch,
    });
    cancel();
    return exchanged;
  }

  #identity(job: Job) {
    const { objectKey, ownerKey, shard } = this.#options;
    const code = this.#options.pairingCode ?? '';
    return job.kind === 'register'
      ? { key: `pair_${code.slice(0, 4)}`, secret: code, objectKey, ownerKey, shard }
      : {
          key: this.memory.boxId ?? '',
          secret: this.memory.secret ?? '',
          objectKey,
          ownerKey,
          shard,
        };
  }

  #take(job: Job, exchanged: Exchanged): void {
    const verdict = verdictOf(exchanged);
    const code = verdict.kind === 'done' ? verdict.answer.code : verdict.code;
    this.#codes[code] = (this.#codes[code] ?? 0) + 1;
    this.#options.watch?.(job.kind, code);
    this.#obey(job, verdict);
    this.#settleWaiters();
    this.#kick();
  }

  #obey(job: Job, verdict: Verdict): void {
    if (verdict.kind !== 'resign') this.#resigned = 0;
    switch (verdict.kind) {
      case 'done':
        return this.#succeed(job, verdict.answer);
      case 'resign':
        return this.#resign(verdict.code, verdict.answer);
      case 'wait':
        return this.#fail(verdict.retryS);
      case 'dead':
        giveUp(this.#self, job, verdict.code);
        this.#owner.tell(`Refused for good (${verdict.code}): touch the box to read it.`);
        if (job.kind === 'register') this.#halted = verdict.code;
        else if (job.kind === 'standing') this.#fail(0);
        return;
      case 'halt':
        if (verdict.code === 'signature' && fallBack(this.memory)) return;
        this.#halted = verdict.code;
        this.#owner.tell(`Stopped (${verdict.code}): nothing is lost, the box needs pairing.`);
    }
  }

  #succeed(job: Job, answer: BoxAnswer): void {
    this.#failures = 0;
    learn(this.#self, job, answer);
    if (job.kind === 'event' && job.event.type === 'payment') this.#acknowledged.push(job.event.id);
    if (job.kind !== 'standing') return;
    this.#standing = standingTold(answer.t, answer.fields);
    this.#wishes.pollEveryMs = this.#ms(this.#standing.poll);
    this.#wishes.nextPollAt = this.#options.clock.now() + this.#wishes.pollEveryMs;
    this.#polls.settle(this.#standing);
  }

  #resign(code: 'clock' | 'nonce', answer: BoxAnswer): void {
    if (code === 'clock') this.memory.clockOffsetS = answer.t - this.time();
    this.#resigned += 1;
    if (this.#resigned > MOST_RESIGNED) this.#fail(answer.retryS);
    else this.#notBefore = this.#options.clock.now() + this.#ms(answer.retryS);
  }

  #fail(retryS: number): void {
    this.#failures += 1;
    const waitS = Math.max(retryS, retryAfterS(this.#failures, this.#options.random.next()));
    this.#notBefore = this.#options.clock.now() + this.#ms(waitS);
  }

  #settleWaiters(): void {
    const isOver = this.#isOver();
    if (isOver || this.memory.outbox.length === 0) this.#drains.settle();
    if (isOver) this.#polls.settle(null);
  }

  get #self() {
    return { memory: this.memory, wishes: this.#wishes };
  }

  #ms(s: number): number {
    return s * 1_000 * this.#options.retryScale;
  }
}
