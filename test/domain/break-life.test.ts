/** Differences have a kind from a closed list, an age, an owner and an end, and may come back. */
import { BREAK_KINDS, daysToSettle, type Break, type BreakDraft } from '../../src/domain/break';
import { openBreak, reopenBreak, settleBreak } from '../../src/domain/break-life';
import { parseBreakId } from '../../src/domain/ids';
import { daysAfter } from '../laws/samples';
import { START } from '../support/estate';

const draft: BreakDraft = {
  kind: 'tenant-differs',
  about: 'tx-1',
  fingerprint: 'v1',
  subjects: ['r_1', 'tx:tx-1'],
  amount: 700,
  seconds: null,
  text: 'Somebody else is named.',
};
const opened = (over: Partial<Break> = {}): Break => ({
  ...openBreak({ id: parseBreakId('brk_1'), draft, owner: 'estate', now: START }),
  rev: 1,
  ...over,
});
const byPerson: Partial<Break> = {
  ...{ state: 'resolved', resolution: 'Asked them.', resolvedBy: 'Manager' },
  resolvedAt: daysAfter(START, 1),
};
const later = daysAfter(START, 2);

describe('the kinds of breaks', () => {
  it('are a closed list, most urgent first', () => {
    expect(BREAK_KINDS).toEqual([
      ...['evicted-upstream', 'failed-after-paid', 'tenant-differs', 'unconfirmed-report'],
      ...['unlinked-upstream', 'unlinked-entry', 'credited-twice-upstream', 'amount-differs'],
      ...['time-differs', 'reference-differs', 'outside-tenancy', 'opening-unclear'],
      ...['version-fell', 'unexplained-time', 'expiry-by-hand', 'lock-by-hand'],
      ...['no-usable-word', 'retired-box', 'beyond-2038'],
    ]);
  });

  it('are to be settled the sooner the more urgent they are', () => {
    const days = BREAK_KINDS.map(daysToSettle);
    expect(days.every((one) => one > 0)).toBe(true);
    expect(days[0]).toBe(Math.min(...days));
  });
});

describe('a break', () => {
  it('opens with an owner and a day by which it is to be settled', () => {
    expect(opened()).toMatchObject({ state: 'open', owner: 'estate', openedAt: START });
    expect(opened().dueAt).toBe(daysAfter(START, daysToSettle('tenant-differs')));
  });

  it('is opened once: the same difference again changes nothing', () => {
    expect(reopenBreak(opened(), { draft, now: later })).toBeNull();
  });

  it('comes back when the system had closed it', () => {
    for (const as of ['resolved', 'proposed'] as const) {
      const closed = settleBreak(opened(), { resolution: 'Gone.', as, now: later });
      expect(closed).toMatchObject({ state: as, resolution: 'Gone.' });
      const back = reopenBreak(closed!, { draft, now: later });
      expect(back).toMatchObject({ state: 'open', resolution: null, resolvedBy: null });
    }
  });

  it('that a person resolved comes back only when something else differs', () => {
    expect(reopenBreak(opened(byPerson), { draft, now: later })).toBeNull();
    const other = { ...draft, fingerprint: 'v2' };
    const back = reopenBreak(opened(byPerson), { draft: other, now: later });
    expect(back).toMatchObject({ state: 'open', fingerprint: 'v2' });
  });

  it('keeps a person’s word when the difference goes away afterwards', () => {
    const gone = { resolution: 'Gone.', as: 'resolved', now: later } as const;
    expect(settleBreak(opened(byPerson), gone)).toBeNull();
  });

  it('keeps its owner and what was said of it when it comes back', () => {
    const comments = [{ at: START, author: 'Manager', text: 'I asked.' }];
    const closed = settleBreak(opened({ owner: 'Ann', comments }), {
      ...{ resolution: 'Gone.', as: 'resolved', now: later },
    });
    const back = reopenBreak(closed!, { draft, now: later });
    expect(back).toMatchObject({ owner: 'Ann', comments });
  });
});
