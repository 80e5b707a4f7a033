/** The route that takes over the provider's units as rentals. */
import { z } from 'zod';
import type { ImportedUnit, ImportSummary } from '../../../flows/importing/import-units';
import { AgentOut, InstantOut, OptionalReason, orNull, shown, shownOrNull } from '../fields';
import { answer, changeRoute, NO_PARAMS } from '../route';

const ImportedOut = z.object({
  unitId: z.string(),
  rentalId: z.string().nullable().meta({ description: 'Null in a dry run.' }),
  name: z.string(),
  region: z.string(),
  parcel: z.string(),
  tenant: orNull(AgentOut),
  rentedUntil: InstantOut.nullable(),
});

const ImportShape = z
  .object({
    dryRun: z.boolean(),
    at: InstantOut,
    compared: z.int().meta({ description: 'Units of the provider within reach of the key.' }),
    added: z.int().meta({ description: 'New rentals; in a dry run those that it would make.' }),
    known: z.int().meta({ description: 'Units that were rentals already.' }),
    unfit: z.int().meta({ description: 'Units that need a person; `skipped` says why.' }),
    units: z.array(ImportedOut).meta({ description: 'The first 1,000 of those added.' }),
    skipped: z.array(z.object({ unitId: z.string(), why: z.string() })),
  })
  .meta({ id: 'Import' });

export const IMPORT_ROUTES = [
  changeRoute({
    method: 'post',
    path: '/imports/units',
    role: 'manager',
    operationId: 'importUnits',
    summary: 'Take over the provider’s units as rentals; only new units are added',
    params: NO_PARAMS,
    body: z
      .strictObject({ dryRun: z.boolean().default(false), reason: OptionalReason })
      .meta({ id: 'NewImport' }),
    success: 'ok',
    shape: ImportShape,
    refusals: ['unavailable'],
    handle: async (flows, { body, by }) => {
      const mode = body.dryRun ? 'dry-run' : 'apply';
      const outcome = await flows.importUnits({ mode, by: { ...by, reason: body.reason } });
      return outcome.kind === 'imported' ? answer(presentImport(outcome)) : outcome;
    },
  }),
];

function presentImport(summary: ImportSummary): z.infer<typeof ImportShape> {
  const { mode, at, compared, added, known, unfit, units, skipped } = summary;
  return {
    dryRun: mode === 'dry-run',
    at: shown(at),
    ...{ compared, added, known, unfit },
    units: units.map(presentImported),
    skipped: skipped.map(({ unitId, why }) => ({ unitId, why })),
  };
}

const presentImported = ({ unit, rentalId }: ImportedUnit): z.infer<typeof ImportedOut> => ({
  unitId: unit.unitId,
  rentalId,
  name: unit.name,
  region: unit.region,
  parcel: unit.parcel,
  tenant: unit.tenant,
  rentedUntil: shownOrNull(unit.rentedUntil),
});
