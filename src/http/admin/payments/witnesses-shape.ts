/** What each witness says of a payment: the box, the provider's stream, a look-up, a manager. */
import { z } from 'zod';
import { referenceText, type OutsideReference } from '../../../domain/payments/outside-reference';
import type { PaymentView } from '../../../domain/payments/payment-view';
import type { Report, ReturnedWord } from '../../../domain/payments/report';
import { TX_STATES, type Statement, type Witness } from '../../../domain/payments/transaction';
import { AgentOut, InstantOut, orNull, shown, shownOrNull } from '../fields';

const BoxWord = z.object({
  payer: AgentOut,
  amount: z.int(),
  at: InstantOut.meta({ description: 'As the box sent it.' }),
  receivedAt: InstantOut,
  ref: z.string().nullable().meta({ description: 'The transaction that the box names.' }),
  returned: z
    .object({ amount: z.int(), at: InstantOut, receivedAt: InstantOut })
    .nullable()
    .meta({ description: 'L$ that the box gave back.' }),
});

const ProviderWord = z.object({
  version: z.int(),
  state: z.enum([...TX_STATES, 'unknown']),
  stateWord: z.string(),
  message: z.string(),
  payer: AgentOut,
  tenant: orNull(AgentOut),
  amount: z.int(),
  paidAt: InstantOut.nullable(),
  creditedSeconds: z.int().nullable(),
  updatedAt: InstantOut,
  seenAt: InstantOut,
});

const ProviderWords = ProviderWord.extend({
  earlier: z.array(ProviderWord).meta({ description: 'Its words before, in order.' }),
});

const ManualWord = z.object({
  as: z.string(),
  author: z.string(),
  reason: z.string(),
  at: InstantOut.nullable(),
  reference: z
    .string()
    .nullable()
    .meta({ description: 'The outside reference after its type and a colon.' }),
});

/** Null where a witness has said nothing. */
export const WitnessesShape = z
  .object({
    box: BoxWord.nullable(),
    stream: ProviderWords.nullable(),
    lookup: ProviderWords.nullable(),
    manual: ManualWord.nullable(),
  })
  .meta({ id: 'Witnesses' });

export const presentWitnesses = (view: PaymentView): z.infer<typeof WitnessesShape> => ({
  box: view.report === null ? null : presentBoxWord(view.report, view.returned),
  stream: presentProviderWords(view, 'stream'),
  lookup: presentProviderWords(view, 'lookup'),
  manual: presentManualWord(view),
});

function presentBoxWord(report: Report, returned: ReturnedWord | null): z.infer<typeof BoxWord> {
  return {
    payer: report.payer,
    amount: report.amount,
    at: shown(report.at),
    receivedAt: shown(report.receivedAt),
    ref: report.ref,
    returned: returned === null ? null : presentReturned(returned),
  };
}

const presentReturned = ({ amount, at, receivedAt }: ReturnedWord) => ({
  amount,
  at: shown(at),
  receivedAt: shown(receivedAt),
});

function presentProviderWords(
  { transaction }: PaymentView,
  witness: Witness,
): z.infer<typeof ProviderWords> | null {
  const words = (transaction?.statements ?? []).filter((one) => one.witness === witness);
  const latest = words.at(-1);
  if (latest === undefined) return null;
  return { ...presentWord(latest), earlier: words.slice(0, -1).map(presentWord) };
}

const presentWord = (word: Statement): z.infer<typeof ProviderWord> => ({
  version: word.version,
  state: word.state,
  stateWord: word.stateWord,
  message: word.message,
  payer: word.payer,
  tenant: word.tenant,
  amount: word.amount,
  paidAt: shownOrNull(word.paidAt),
  creditedSeconds: word.creditedSeconds,
  updatedAt: shown(word.updatedAt),
  seenAt: shown(word.seenAt),
});

/** The latest word of a person, about either side of the payment. */
function presentManualWord({
  transaction,
  report,
}: PaymentView): z.infer<typeof ManualWord> | null {
  const settled = report?.settledBy ?? null;
  const confirmedUnder = settled?.by === 'hand' ? settled : null;
  const byTx = transaction?.decision ?? null;
  const byReport = report?.decision ?? null;
  if (byTx !== null && (byReport === null || byReport.at <= byTx.at)) {
    const { as, author, reason, at } = byTx;
    const reference = shownReference(byTx.reference ?? confirmedUnder);
    return { as, author, reason, at: shown(at), reference };
  }
  if (byReport !== null) {
    const { author, reason, at } = byReport;
    const reference = shownReference(byReport.reference ?? confirmedUnder);
    const isRefunded = report?.reversedByHand?.as === 'refunded';
    const as = isRefunded ? 'refunded' : AS[settled?.by ?? 'none'];
    return { as, author, reason, at: shown(at), reference };
  }
  const back = transaction?.reversedByHand ?? report?.reversedByHand ?? null;
  if (back === null) return null;
  const { author, reason } = back;
  return { as: 'reversed', author, reason, at: null, reference: shownReference(confirmedUnder) };
}

const shownReference = (outside: OutsideReference | null): string | null =>
  outside === null ? null : referenceText(outside);

/** What a manager decided about a report, by what settled it since. */
const AS: Readonly<Record<NonNullable<Report['settledBy']>['by'] | 'none', string>> = {
  link: 'link',
  self: 'assign',
  hand: 'confirm',
  refunded: 'refunded',
  dismissed: 'dismissed',
  none: 'decided',
};
