/** One time of holding a lease, by a clock that somebody sets while the process is stopped. */
import { HOUR_MS, parseInstant, plusMs } from '../../src/domain/time';
import type { Clock } from '../../src/flows/ports/clock';
import { RenewedTerm } from '../../src/jobs/lease-term';
import { createFakeLeaseStore } from '../support/fakes/lease-store';
import { createManualClock } from '../support/manual-clock';
import { createRecordedLog } from '../support/recorded-log';

/** A term that was just taken, and how to set the clock it goes by. No timer of it runs. */
function takenTerm() {
  const base = createManualClock(parseInstant('2026-03-01T12:00:00Z'));
  let setByMs = 0;
  const clock: Clock = { ...base, now: () => plusMs(base.now(), setByMs) };
  const deps = { leases: createFakeLeaseStore(base.now), clock, log: createRecordedLog() };
  const taken = { name: 'work', holder: 'a', fence: 1, askedAt: clock.now() };
  const term = new RenewedTerm(deps, taken, new AbortController().signal);
  const setBy = (ms: number): void => void (setByMs = ms);
  return { term, setBy, waiting: base.waiting };
}

describe('a lease whose holder wakes up by another clock', () => {
  it('is not counted on when the clock was set back, for its age is then unknown', () => {
    const { term, setBy, waiting } = takenTerm();
    expect(term.isHeld()).toBe(true);
    setBy(-HOUR_MS);
    expect(term.isHeld()).toBe(false);
    expect(() => term.assure()).toThrow('no longer ours');
    expect(term.signal.aborted).toBe(true);
    expect(waiting()).toBe(0);
  });

  it('stays lost when the clock is set right again', () => {
    const { term, setBy } = takenTerm();
    setBy(-1);
    expect(term.isHeld()).toBe(false);
    setBy(0);
    expect(term.isHeld()).toBe(false);
  });

  it('is held on, by a clock that moved less than the lease lasts', () => {
    const { term, setBy } = takenTerm();
    setBy(7_000);
    expect(term.isHeld()).toBe(true);
    term.end();
  });
});
