/** What tests of the payments' routes say and ask, on one world. */
import type { ReportId } from '../../../src/domain/ids';
import { settlePayments } from '../../../src/flows/settle-payments';
import { reportOf, statementOf } from '../../support/estate';
import type { AdminWorld } from './admin-world';

/** @param of answers the world of the test that runs. */
export function paymentCalls(of: () => AdminWorld) {
  return {
    async report(n: number, over: Parameters<typeof reportOf>[1] = {}): Promise<ReportId> {
      const { reports, deps } = of().estate;
      const one = reportOf(n, over);
      await reports.intake(one);
      await settlePayments(deps, { reportIds: [one.id] });
      return one.id;
    },
    transaction: (n: number, over: Parameters<typeof statementOf>[1] = {}) =>
      settlePayments(of().estate.deps, { statements: [statementOf(n, over)] }),
    show: async (name: string) => of().get(`/payments/${encodeURIComponent(name)}`),
    decide: (name: string, body: object, key?: string) =>
      of().post(
        `/payments/${encodeURIComponent(name)}/decide`,
        { reason: 'Seen in the account of the estate', ...body },
        key === undefined ? {} : { key },
      ),
  };
}
