/**
 * A manager's decision about a payment: within the key's reach, recorded, and made once a request.
 */
import { txPaymentId, type TenancyId, type TxId } from '../../domain/ids';
import { paymentFacts, type PaymentView } from '../../domain/payments/payment-view';
import type { Acting } from '../access/acting';
import { decidePayment } from './decide-payment';
import { UNKNOWN_TRANSACTION, type DecideDeps, type Decision } from './decision';
import type { EstatePorts } from '../ports/estate-ports';
import { recordChange, startChange } from '../access/record-change';
import { refreshRentals } from '../refresh-rentals';
import { NOT_FOUND, type Conflict, type NotFound, type Refused } from '../access/refusal';
import { settlePayments } from '../settle-payments';
import { visiblePayment, type VisiblePayment } from '../payments/visible-payment';

export interface DecideByHand {
  /** Any name by which a payment is found. */
  readonly name: string;
  readonly as: Decision['as'];
  readonly txId: TxId | null;
  readonly type: string | null;
  readonly reference: string | null;
  readonly tenancyId: TenancyId | null;
  readonly by: Acting;
}

export type DecideByHandOutcome =
  { readonly kind: 'decided'; readonly view: PaymentView } | NotFound | Conflict | Refused;

type Deps = DecideDeps & Pick<EstatePorts, 'audit' | 'digest' | 'requests'>;

const ACTION = 'payment-decided';
const KEPT_MS = 7 * 86_400_000;

/**
 * Recorded after it is made, since only then is it known whether it may be: the decision itself
 * carries its author and reason from the first write on.
 */
export async function decideByHand(deps: Deps, input: DecideByHand): Promise<DecideByHandOutcome> {
  const { name, by } = input;
  const before = await visiblePayment(deps, { regions: by.regions, name });
  if (before === null) return NOT_FOUND;
  if (!(await isInReach(deps, input))) return UNKNOWN_TRANSACTION;
  const { id } = paymentFacts(before.view);
  const isRepeat = await wasTried(deps, by);
  const { at } = await startChange(deps, { by, subject: id, action: ACTION });
  const outcome = await decidePayment(deps, {
    ...input,
    paymentId: id,
    author: by.author,
    reason: by.reason,
  });
  const isOwn = isRepeat && outcome.kind === 'conflict' && saysTheSame(before.view, input);
  if (outcome.kind !== 'decided' && !isOwn) return outcome;
  if (isOwn) await settleBoth(deps, before.view);
  const after = await visiblePayment(deps, { regions: by.regions, name: id });
  if (after === null) return NOT_FOUND;
  const { txId, type, reference, tenancyId } = input;
  const decision = { as: input.as, txId, type, reference, tenancyId };
  await recordChange(deps, {
    by,
    subject: id,
    action: ACTION,
    at,
    region: before.region,
    before: shownState(before),
    after: { ...shownState(after), decision },
  });
  return { kind: 'decided', view: after.view };
}

/** The transaction to link: one outside the key's regions is answered as one that is unknown. */
async function isInReach(deps: Deps, { as, txId, by }: DecideByHand): Promise<boolean> {
  if (as !== 'link' || txId === null || by.regions.length === 0) return true;
  const name = txPaymentId(txId);
  return (await visiblePayment(deps, { regions: by.regions, name })) !== null;
}

/** The earlier attempt may have died between the decision, its entries and the caches. */
async function settleBoth(deps: Deps, view: PaymentView): Promise<void> {
  const { transaction, report } = view;
  await settlePayments(deps, {
    txIds: transaction === null ? [] : [transaction.txId],
    reportIds: report === null ? [] : [report.id],
  });
  const { rentalId } = paymentFacts(view);
  if (rentalId !== null) await refreshRentals(deps, [rentalId]);
}

/** True where an earlier attempt of this request came as far as here: it may have decided. */
async function wasTried(deps: Pick<Deps, 'requests' | 'clock'>, by: Acting): Promise<boolean> {
  const id = `${by.requestId} decides`;
  const now = deps.clock.now();
  const begun = await deps.requests.begin({ id, content: '', now, staleMs: KEPT_MS });
  return begun.kind !== 'mine';
}

function saysTheSame({ transaction, report }: PaymentView, { as, by }: DecideByHand): boolean {
  const words = [transaction?.decision, report?.decision, report?.reversedByHand];
  const said = words.some((word) => word?.author === by.author && word.reason === by.reason);
  const decision = transaction?.decision ?? null;
  return said && (decision === null || decision.as === as);
}

function shownState({ view }: VisiblePayment): object {
  const { state, entryId, rentalId } = paymentFacts(view);
  return { state, entryId, rentalId };
}
