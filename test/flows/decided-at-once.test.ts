/** What two people say of the same payment or entry at the same moment: one of them has said it. */
import { entryId, tenancyId } from '../../src/domain/ids';
import { reverseEntry } from '../../src/flows/deciding/reverse-entry';
import { closeReport, confirmReport } from '../../src/flows/deciding/decide-report';
import { settlePayments } from '../../src/flows/settle-payments';
import { createEstate, rentalOf, reportOf, statementOf } from '../support/estate';
import { createFakeReferenceStore } from '../support/fakes/reference-store';

const OWNER = { author: 'owner', reason: 'By mistake' };

it('an entry is reversed for one of those who ask for it at once', async () => {
  const estate = createEstate();
  await estate.rentals.save([rentalOf(1)]);
  await settlePayments(estate.deps, { statements: [statementOf(1)] });
  const paid = entryId(tenancyId(rentalOf(1).id, 1), 1);
  // Without a payment to be marked, nothing but the entry itself tells them apart.
  const [entry] = await estate.entries.get([paid]);
  const gift = { ...entry!, kind: 'granted', source: 'request:1', paymentId: null } as const;
  const [granted] = await estate.entries.append([gift], new Map());
  const ask = (requestId: string) =>
    reverseEntry(estate.deps, { entryId: granted!.entry.id, ...OWNER, requestId });
  const outcomes = await Promise.all(['a', 'b', 'c'].map(ask));
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['conflict', 'conflict', 'reversed']);
});

it('a confirmation stands against a dismissal that comes before it is settled', async () => {
  const estate = createEstate();
  await estate.rentals.save([rentalOf(1)]);
  await estate.reports.intake(reportOf(1));
  const [report] = await estate.reports.get([reportOf(1).id]);
  const deps = { ...estate.deps, references: createFakeReferenceStore() };
  const about = { ...OWNER, paymentId: report!.id };
  const confirmed = { ...about, as: 'confirm', reference: 'receipt-1' } as const;
  expect(
    await confirmReport(deps, { report: report!, tx: null, decision: confirmed }),
  ).toMatchObject({ kind: 'done' });
  const [now] = await estate.reports.get([report!.id]);
  expect(await closeReport(deps, now!, { ...about, as: 'dismissed' })).toMatchObject({
    kind: 'conflict',
  });
});
