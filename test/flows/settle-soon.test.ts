/** Payments that were stored just now are settled together, and one that fails alone is left. */
import { StorageUnavailable } from '../../src/flows/ports/money-ports';
import { settleSoon } from '../../src/flows/settle-soon';
import type { SettleDeps } from '../../src/flows/settlement/batch';
import { createEstate, rentalOf, reportOf } from '../support/estate';
import { createRecordedLog } from '../support/recorded-log';

async function reported() {
  const estate = createEstate();
  await estate.rentals.save([rentalOf(1, { unitId: null, verifiedBy: 'box' })]);
  const rows = [1, 2, 3].map((n) => reportOf(n, { unitId: null }));
  for (const row of rows) await estate.reports.intake(row);
  const log = createRecordedLog();
  return { ...estate, deps: { ...estate.deps, log }, log, ids: rows.map(({ id }) => id) };
}

/** Fails where one of these is read. */
function failing(deps: SettleDeps, id: string, error: Error): SettleDeps {
  const { reports } = deps;
  const get: typeof reports.get = async (ids) => {
    if (ids.some((one) => one === id)) throw error;
    return reports.get(ids);
  };
  return { ...deps, reports: { ...reports, get } };
}

it('one payment that fails for a reason of ours holds up no other, and is named', async () => {
  const { deps, log, ids, entries } = await reported();
  const error = new Error('a fault of ours');
  await settleSoon(failing(deps, ids[1]!, error), { reportIds: ids });
  expect(entries.all().map(({ paymentId }) => paymentId)).toHaveLength(2);
  expect(log.lines).toEqual([
    {
      ...{ level: 'error', fact: 'payments left to the sweeps' },
      fields: { ids: [ids[1]], count: 1, error },
    },
  ]);
});

it('a database that is away is said to be so', async () => {
  const { deps, log, ids } = await reported();
  const away = failing(deps, ids[1]!, new StorageUnavailable('away'));
  await expect(settleSoon(away, { reportIds: ids })).rejects.toThrow(StorageUnavailable);
  expect(log.lines).toEqual([]);
});
