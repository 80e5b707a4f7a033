/** Holding a lease: who holds it, when it is let go of, and what a stopped process believes. */
import { StorageUnavailable } from '../../src/flows/ports/money-ports';
import type { LeaseStore } from '../../src/flows/ports/upkeep-ports';
import { keepLease, underLease, type Running } from '../../src/jobs/lease-keeper';
import type { LeaseTerm } from '../../src/jobs/lease-term';
import { parseInstant } from '../../src/domain/time';
import { createFakeLeaseStore } from '../support/fakes/lease-store';
import { createManualClock, type ManualClock } from '../support/manual-clock';
import { createProcessLife, type ProcessLife } from '../support/process-life';
import { createRecordedLog } from '../support/recorded-log';

let clock: ManualClock;
let leases: LeaseStore;
const log = createRecordedLog();

interface Keeper {
  readonly life: ProcessLife;
  readonly job: Running;
  readonly terms: LeaseTerm[];
  /** The term that believes that it may write. */
  held(): LeaseTerm | undefined;
}

function keeper(holder: string): Keeper {
  const life = createProcessLife(clock);
  const terms: LeaseTerm[] = [];
  const job = keepLease(
    { leases: life.guard(leases), clock: life.clock, log },
    {
      ...{ name: 'work', holder },
      run: async (term) => {
        terms.push(term);
        await aborted(term.signal);
        return 'again';
      },
    },
  );
  return { life, job, terms, held: () => terms.find((term) => term.isHeld()) };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });

beforeEach(() => {
  clock = createManualClock(parseInstant('2026-03-01T12:00:00Z'));
  leases = createFakeLeaseStore(() => clock.now());
});

describe('holding a lease', () => {
  it('holds it for as long as it is not stopped', async () => {
    const a = keeper('a');
    await clock.advance(3_600_000);
    expect(a.terms).toHaveLength(1);
    expect(a.held()?.signal.aborted).toBe(false);
    await a.job.stop();
  });

  it('lets one of two hold it, and the other once the first gives it back', async () => {
    const a = keeper('a');
    await clock.advance(0);
    const b = keeper('b');
    await clock.advance(60_000);
    expect([a.terms.length, b.terms.length]).toEqual([1, 0]);
    await a.job.stop();
    await clock.advance(2_000);
    expect(b.held()?.fence).toBeGreaterThan(a.terms[0]!.fence);
    await b.job.stop();
  });

  it('passes to another within 13 seconds when its holder is killed', async () => {
    const a = keeper('a');
    await clock.advance(20_000);
    const b = keeper('b');
    await clock.advance(5_500);
    a.life.kill();
    await clock.advance(13_000);
    expect(b.held()).toBeDefined();
    await b.job.stop();
  });

  it('keeps the lease until the work has ended, when it is stopped', async () => {
    let finish = (): void => undefined;
    let stopped = false;
    const job = keepLease(
      { leases, clock, log },
      {
        ...{ name: 'work', holder: 'a' },
        run: async (term) => {
          await aborted(term.signal);
          await new Promise<void>((resolve) => (finish = resolve));
          expect(term.isHeld()).toBe(true);
          return 'again';
        },
      },
    );
    await clock.advance(0);
    void job.stop().then(() => (stopped = true));
    await clock.advance(30_000);
    expect(stopped).toBe(false);
    expect(await leases.take('work', 'b', 10_000)).toBeNull();
    finish();
    await clock.advance(0);
    expect(stopped).toBe(true);
    expect(await leases.take('work', 'b', 10_000)).not.toBeNull();
    expect(clock.waiting()).toBe(0);
  });
});

describe('a process that was stopped', () => {
  it('knows on waking that it no longer holds the lease, before any timer runs', async () => {
    const a = keeper('a');
    await clock.advance(0);
    const b = keeper('b');
    const [term] = a.terms;
    a.life.pause();
    await clock.advance(20_000);
    expect(b.held()).toBeDefined();
    expect(term!.isHeld()).toBe(false);
    expect(() => term!.assure()).toThrow('no longer ours');
    expect(term!.signal.aborted).toBe(true);
    a.life.resume();
    await clock.advance(60_000);
    expect(a.terms).toHaveLength(1);
    await Promise.all([a.job.stop(), b.job.stop()]);
  });

  it('does not count on the lease even when nobody else has taken it', async () => {
    const a = keeper('a');
    await clock.advance(0);
    a.life.pause();
    await clock.advance(8_500);
    expect(a.terms[0]!.isHeld()).toBe(false);
    a.life.resume();
    await clock.advance(2_500);
    expect(a.terms).toHaveLength(2);
    expect(a.held()).toBe(a.terms[1]);
    await a.job.stop();
  });

  it('goes on holding it after a short stop', async () => {
    const a = keeper('a');
    await clock.advance(0);
    a.life.pause();
    await clock.advance(6_000);
    a.life.resume();
    await clock.advance(60_000);
    expect(a.terms).toHaveLength(1);
    expect(a.held()).toBeDefined();
    await a.job.stop();
  });
});

describe('a database that does not answer', () => {
  it('is asked again until the lease can no longer be counted on', async () => {
    let isDown = false;
    const take = leases.take.bind(leases);
    leases.take = async (...given) => {
      if (isDown) throw new StorageUnavailable('down');
      return take(...given);
    };
    const a = keeper('a');
    await clock.advance(1_000);
    isDown = true;
    await clock.advance(5_000);
    expect(a.held()).toBeDefined();
    isDown = false;
    await clock.advance(30_000);
    expect(a.terms).toHaveLength(1);
    isDown = true;
    await clock.advance(11_000);
    expect(a.held()).toBeUndefined();
    isDown = false;
    await clock.advance(15_000);
    expect(a.held()).toBe(a.terms[1]);
    await a.job.stop();
  });

  it('is given up on when it hangs', async () => {
    const a = keeper('a');
    await clock.advance(1_000);
    const { take } = leases;
    leases.take = () => new Promise(() => undefined);
    await clock.advance(8_000);
    expect(a.terms[0]!.signal.aborted).toBe(true);
    leases.take = take;
  });
});

describe('work under a lease', () => {
  it('is told when the lease had run out and was taken anew', async () => {
    const a = keeper('a');
    await clock.advance(1_000);
    await leases.release('work', 'a');
    await leases.take('work', 'b', 10);
    await clock.advance(2_500);
    expect(a.terms[0]!.signal.aborted).toBe(true);
    await clock.advance(5_000);
    expect(a.held()).toBe(a.terms[1]);
    await a.job.stop();
  });

  it('is begun anew after a failure, with pauses that grow to ten seconds', async () => {
    const beganAt: number[] = [];
    const start = clock.now();
    const run = async (): Promise<'again'> => {
      beganAt.push((clock.now() - start) / 1_000);
      throw new Error('a fault of ours');
    };
    const job = keepLease({ leases, clock, log }, { name: 'work', holder: 'a', run });
    await clock.advance(40_000);
    expect(beganAt).toEqual([0, 2, 6, 14, 24, 34]);
    await job.stop();
    expect(clock.waiting()).toBe(0);
  });

  it('is not begun again once it has had enough', async () => {
    let runs = 0;
    const run = async (): Promise<'enough'> => {
      runs += 1;
      return 'enough';
    };
    const job = keepLease({ leases, clock, log }, { name: 'work', holder: 'a', run });
    await clock.advance(60_000);
    expect(runs).toBe(1);
    expect(clock.waiting()).toBe(0);
    await job.stop();
  });

  it('is not done where another does it', async () => {
    await leases.take('sweep', 'b', 10_000);
    const use = { name: 'sweep', holder: 'a', run: async () => 'swept' };
    const stopping = new AbortController().signal;
    const deps = { leases, clock, log };
    expect(await underLease(deps, use, stopping)).toEqual({ kind: 'busy' });
    await clock.advance(10_000);
    expect(await underLease(deps, use, stopping)).toEqual({ kind: 'done', result: 'swept' });
    expect(clock.waiting()).toBe(0);
  });
});
