/** Generates what really happened: gifts of L$, what the provider says of each, what a box says. */
import fc from 'fast-check';
import { parseEventId, parseTxId, reportId, type ReportId, type TxId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import { plusSeconds, seconds, type Instant } from '../../src/domain/time';
import type { Statement, TxState } from '../../src/domain/payments/transaction';
import { agent, START, statementOf } from '../support/estate';
import type { Fact } from './facts';
import { boughtSeconds } from './model';
import { BOX } from './world';

/** One real gift of L$, as it was; what anybody knows of it is in the facts. */
export interface Plan {
  readonly n: number;
  readonly payer: number;
  readonly amount: number;
  /** Distinct among the plans of one history. */
  readonly paidAt: Instant;
  readonly words: readonly Word[];
  /** False: the provider never says when. */
  readonly isTimeKnown: boolean;
  /** Who the provider says holds the unit afterwards. */
  readonly tenant: number | null;
  readonly report: PlannedReport | null;
}

export interface Word {
  readonly streamRank: number;
  readonly version: number;
  readonly state: TxState;
  /** Above what the L$ buy; null: the provider does not say. */
  readonly bonusS: number | null;
}

export interface PlannedReport {
  /** Seconds after the gift. */
  readonly skewS: number;
  readonly ref: 'never' | 'at-once' | 'later';
  readonly returned: 'nothing' | 'a-part' | 'all';
}

const aState = fc.oneof(
  { weight: 5, arbitrary: fc.constant<TxState>('completed') },
  { weight: 2, arbitrary: fc.constant<TxState>('reversed') },
  {
    weight: 3,
    arbitrary: fc.constantFrom<TxState>('queued', 'processing', 'suspended', 'failed', 'unknown'),
  },
);

const someWords = fc.uniqueArray(
  fc.record({
    streamRank: fc.integer({ min: 1, max: 2 }),
    version: fc.integer({ min: 1, max: 4 }),
    state: aState,
    bonusS: fc.option(fc.constantFrom(0, 30, 60, 61, 3_600, 7_200, -3_600)),
  }),
  { selector: (word) => `${word.streamRank}/${word.version}`, maxLength: 4 },
);

const aReport = fc.record<PlannedReport>({
  skewS: fc.nat({ max: 20 }),
  ref: fc.constantFrom('never', 'never', 'at-once', 'later'),
  returned: fc.constantFrom('nothing', 'nothing', 'a-part', 'all'),
});

export interface HistoryRules {
  readonly most: number;
  /** `unknown`: some are; then no box gives anything back, since pairs go by arrival. */
  readonly times: 'known' | 'unknown';
  /** `one`: all facts speak of one tenant, so that all arrivals come to one tenancy. */
  readonly tenants: 'one' | 'two';
  /**
   * Between gifts: seconds, so that all that are equal may be paired with each other; minutes, so
   * that some may; half a day, so that tenancies end.
   */
  readonly apart: keyof typeof SLOT_S;
}

const SLOT_S = { seconds: 20, minutes: 240, 'half-days': 43_200 };

/** Gifts at different times, by few payers and of few amounts. */
export function plans({
  most,
  times,
  tenants,
  apart,
}: HistoryRules): fc.Arbitrary<readonly Plan[]> {
  const aGift = fc.record({
    payer: fc.integer({ min: 1, max: 2 }),
    amount: fc.constantFrom(350, 700),
    // Where a later instant may stand in for the gift's own, the same terms hold at both.
    slot: fc.nat({ max: times === 'known' ? 39 : 8 }),
    words: someWords,
    isTimeKnown: times === 'known' ? fc.constant(true) : fc.boolean(),
    tenant: tenants === 'one' ? fc.constant(null) : fc.option(fc.integer({ min: 1, max: 2 })),
    report: fc.option(aReport),
  });
  const gifts = fc.uniqueArray(aGift, {
    selector: ({ slot }) => slot,
    minLength: 1,
    maxLength: most,
  });
  return fc.tuple(gifts, fc.constantFrom(null, 1)).map(([rows, everybody]) =>
    rows.flatMap(({ slot, ...row }, i): Plan[] => {
      if (row.words.length === 0 && row.report === null) return [];
      const paidAt = plusSeconds(START, slot * SLOT_S[apart]);
      const tenant = tenants === 'one' ? everybody : row.tenant;
      return [possible({ ...row, n: i + 1, paidAt, tenant }, times)];
    }),
  );
}

/** A part that is given back goes with no bonus: the domain does not say how they add up. */
function possible(plan: Plan, times: HistoryRules['times']): Plan {
  const { report } = plan;
  if (report === null || report.returned === 'nothing') return plan;
  if (times === 'unknown') return { ...plan, report: { ...report, returned: 'nothing' } };
  if (report.returned === 'all') return plan;
  return { ...plan, words: plan.words.map((word) => ({ ...word, bonusS: null })) };
}

export const txIdOf = ({ n }: Plan): TxId => parseTxId(`tx-${n}`);
export const eventIdOf = ({ n }: Plan) =>
  parseEventId(`0b9f3c1e-5a2d-4c77-9f0e-${String(n).padStart(12, '0')}`);
export const reportIdOf = (plan: Plan): ReportId => reportId(BOX.id, eventIdOf(plan));
export const reportedAt = (plan: Plan): Instant =>
  plusSeconds(plan.paidAt, plan.report?.skewS ?? 0);

/** L$ that the box gave back; 0 where it gave none. */
export function returnedAmount({ amount, report }: Plan): number {
  if (report === null || report.returned === 'nothing') return 0;
  return report.returned === 'all' ? amount : Math.floor(amount / 3);
}

export function statementsOf(plan: Plan): Statement[] {
  const bought = boughtSeconds(plan.amount, plan.paidAt);
  return plan.words.map(({ streamRank, version, state, bonusS }) =>
    statementOf(plan.n, {
      ...{ streamRank, version, state, stateWord: state },
      payer: agent(plan.payer),
      tenant: plan.tenant === null ? null : agent(plan.tenant),
      amount: lindens(plan.amount),
      paidAt: plan.isTimeKnown ? plan.paidAt : null,
      creditedSeconds: bonusS === null ? null : seconds(Math.max(0, bought + bonusS)),
      updatedAt: plusSeconds(plan.paidAt, streamRank * 600 + version * 30),
    }),
  );
}

/** The gifts as far as these facts tell of them; one of which nothing was told is left out. */
export function knownFrom(all: readonly Plan[], facts: readonly Fact[]): Plan[] {
  return all.flatMap((plan): Plan[] => {
    const words = plan.words.filter(({ streamRank, version }) =>
      facts.some(
        (fact) =>
          fact.kind === 'word' &&
          fact.statement.txId === txIdOf(plan) &&
          fact.statement.streamRank === streamRank &&
          fact.statement.version === version,
      ),
    );
    const report = knownReport(plan, facts);
    return words.length === 0 && report === null ? [] : [{ ...plan, words, report }];
  });
}

function knownReport(plan: Plan, facts: readonly Fact[]): PlannedReport | null {
  const eventId = eventIdOf(plan);
  const told = facts.flatMap((fact) =>
    fact.kind === 'report' && fact.payment.eventId === eventId ? [fact.payment] : [],
  );
  if (told.length === 0 || plan.report === null) return null;
  const isNamed = told.some(({ ref }) => ref !== null);
  const isBack = facts.some((fact) => fact.kind === 'returned' && fact.eventId === eventId);
  return {
    ...plan.report,
    ref: isNamed ? plan.report.ref : 'never',
    returned: isBack ? plan.report.returned : 'nothing',
  };
}

/** Every fact about these gifts, in the order of gifts. */
export function factsOf(all: readonly Plan[]): Fact[] {
  return all.flatMap((plan): Fact[] => {
    const words = statementsOf(plan).map((statement): Fact => ({ kind: 'word', statement }));
    return plan.report === null ? words : [...words, ...reportFacts(plan, plan.report)];
  });
}

function reportFacts(plan: Plan, { ref }: PlannedReport): Fact[] {
  const eventId = eventIdOf(plan);
  const at = reportedAt(plan);
  const said = { eventId, payer: agent(plan.payer), amount: lindens(plan.amount), at };
  const plain: Fact = { kind: 'report', payment: { ...said, ref: null } };
  const named: Fact = { kind: 'report', payment: { ...said, ref: txIdOf(plan) } };
  const back = returnedAmount(plan);
  const returned: Fact = { kind: 'returned', eventId, amount: lindens(Math.max(1, back)), at };
  return [
    ...(ref === 'at-once' ? [] : [plain]),
    ...(ref === 'never' ? [] : [named]),
    ...(back === 0 ? [] : [returned]),
  ];
}
