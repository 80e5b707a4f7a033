/** The stages of a rental and their borders; overdue needs two keys and nothing that forbids it. */
import fc from 'fast-check';
import { standingOf, type StandingRules } from '../../src/domain/standing';
import type { Instant } from '../../src/domain/time';
import {
  DAY,
  facts,
  GRACE_MS,
  hold,
  HOUR,
  PAID_UNTIL,
  rules,
  usedUp,
} from '../laws/standing-facts';
import { rentalOf } from '../support/estate';

const at = (ms: number): Instant => (PAID_UNTIL + ms) as Instant;
const stageAt = (ms: number, over = {}, more: Partial<StandingRules> = {}) =>
  standingOf(facts(over), at(ms), rules(more)).stage;
const codesAt = (ms: number, over = {}, more: Partial<StandingRules> = {}) =>
  standingOf(facts(over), at(ms), rules(more))
    .reasons.map(({ code }) => code)
    .sort();
const agreed = { claim: usedUp(at(GRACE_MS + HOUR)) };

describe('the stages of a rental', () => {
  it('are paid, due in the last three days, grace, and overdue once both keys agree', () => {
    expect(stageAt(-3 * DAY - 1)).toBe('paid');
    expect(stageAt(-3 * DAY + 1)).toBe('due');
    expect(stageAt(-1)).toBe('due');
    expect(stageAt(0)).toBe('grace');
    expect(stageAt(GRACE_MS - 1, agreed)).toBe('grace');
    expect(stageAt(GRACE_MS, { claim: usedUp(at(GRACE_MS + 1)) })).toBe('overdue');
    expect(stageAt(GRACE_MS + 30 * DAY, agreed)).toBe('overdue');
  });

  it('is vacant without a tenancy, whatever the provider claims', () => {
    const none = { tenancy: null, cache: null, ...agreed };
    for (const ms of [-DAY, 0, 30 * DAY]) {
      expect(standingOf(facts(none), at(ms), rules())).toMatchObject({
        ...{ stage: 'vacant', paidUntil: null },
      });
    }
  });

  it('follow the setting of the estate and the grace of the rental', () => {
    expect(stageAt(-5 * DAY, {}, { dueDays: 7 })).toBe('due');
    expect(stageAt(GRACE_MS + HOUR, agreed, { graceHours: 100 })).toBe('grace');
    const terms = rentalOf(1).terms.map((one) => ({ ...one, graceHours: 0.5 }));
    const short = { terms, claim: usedUp(at(HOUR)) };
    expect(stageAt(0.4 * HOUR, short)).toBe('grace');
    expect(stageAt(0.5 * HOUR, short)).toBe('overdue');
  });

  it('never go from overdue or safe back while time alone passes', () => {
    const order = ['paid', 'due', 'grace', 'overdue'];
    const span = fc.tuple(fc.nat({ max: 40 * DAY }), fc.nat({ max: 40 * DAY }));
    fc.assert(
      fc.property(span, ([a, b]) => {
        const earlier = stageAt(Math.min(a, b) - 10 * DAY, agreed);
        const later = stageAt(Math.max(a, b) - 10 * DAY, agreed);
        expect(order.indexOf(later)).toBeGreaterThanOrEqual(order.indexOf(earlier));
      }),
    );
  });
});

describe('doubt about a payment', () => {
  const doubt = (ms: number) => ({
    cache: { ...facts().cache!, possiblyPaidUntil: at(ms), pending: 1 },
  });

  it('moves the limit by what the payment would buy, and by no more', () => {
    const claim = usedUp(at(GRACE_MS + 60 * DAY));
    const seconds = { ...doubt(5_000), claim };
    expect(stageAt(GRACE_MS + 4_999, seconds)).toBe('grace');
    expect(stageAt(GRACE_MS + 5_000, seconds)).toBe('overdue');
    expect(stageAt(GRACE_MS + 6 * DAY, { ...doubt(7 * DAY), claim })).toBe('grace');
  });

  it('is named at every stage, and moves neither paid-until nor the stage paid', () => {
    for (const ms of [-9 * DAY, -DAY, DAY]) {
      expect(codesAt(ms, doubt(7 * DAY))).toContain('payment-unresolved');
    }
    const standing = standingOf(facts(doubt(7 * DAY)), at(DAY), rules());
    expect(standing).toMatchObject({ stage: 'grace', paidUntil: PAID_UNTIL });
    expect(codesAt(-9 * DAY)).toEqual([]);
  });
});

describe('a hold', () => {
  it('keeps a rental safe after the limit, and is named as the reason', () => {
    const held = { ...agreed, holds: [hold({ until: at(60 * DAY) })] };
    expect(stageAt(GRACE_MS + DAY, held)).toBe('safe');
    expect(codesAt(GRACE_MS + DAY, held)).toEqual(['hold']);
    expect(codesAt(-DAY, held)).toContain('hold');
    expect(stageAt(-DAY, held)).toBe('due');
  });

  it('protects no longer once it has ended or was released', () => {
    const ended = { ...agreed, holds: [hold({ until: at(GRACE_MS + HOUR) })] };
    expect(stageAt(GRACE_MS + HOUR - 1, ended)).toBe('safe');
    expect(stageAt(GRACE_MS + HOUR + 1, ended)).toBe('overdue');
    const released = { until: at(60 * DAY), releasedAt: at(GRACE_MS) };
    expect(stageAt(GRACE_MS + DAY, { ...agreed, holds: [hold(released)] })).toBe('overdue');
    expect(codesAt(GRACE_MS + DAY, { ...agreed, holds: [hold(released)] })).toEqual([]);
  });
});

describe('an incident', () => {
  const late = { claim: usedUp(at(60 * DAY)) };
  const during = (...spans: readonly (readonly [number, number])[]) => ({
    incidents: spans.map(([from, until]) => ({ from: at(from), until: at(until) })),
  });

  it('lengthens the grace that it overlaps by as long as it lasted', () => {
    const incident = during([HOUR, 5 * HOUR]);
    expect(stageAt(GRACE_MS + 4 * HOUR - 1, late, incident)).toBe('grace');
    expect(stageAt(GRACE_MS + 4 * HOUR, late, incident)).toBe('overdue');
  });

  it('is counted once where two overlap, and twice where they do not', () => {
    const overlapping = during([HOUR, 5 * HOUR], [3 * HOUR, 7 * HOUR], [4 * HOUR, 5 * HOUR]);
    expect(stageAt(GRACE_MS + 6 * HOUR - 1, late, overlapping)).toBe('grace');
    expect(stageAt(GRACE_MS + 6 * HOUR, late, overlapping)).toBe('overdue');
    const apart = during([HOUR, 2 * HOUR], [10 * HOUR, 12 * HOUR]);
    expect(stageAt(GRACE_MS + 3 * HOUR - 1, late, apart)).toBe('grace');
    expect(stageAt(GRACE_MS + 3 * HOUR, late, apart)).toBe('overdue');
  });

  it('lengthens nothing where it ended before the grace began', () => {
    expect(stageAt(GRACE_MS, late, during([-9 * HOUR, -HOUR]))).toBe('overdue');
  });

  it('forbids overdue while it stands, and is named', () => {
    const standing = { incidents: [{ from: at(GRACE_MS + HOUR), until: null }] };
    expect(stageAt(GRACE_MS + DAY, late, standing)).toBe('safe');
    expect(codesAt(GRACE_MS + DAY, late, standing)).toContain('incident');
    const early = { incidents: [{ from: at(HOUR), until: null }] };
    expect(['grace', 'safe']).toContain(stageAt(GRACE_MS + DAY, late, early));
    expect(codesAt(HOUR * 2, late, early)).toContain('incident');
  });
});
