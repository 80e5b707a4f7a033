/** A manager starts a sweep now: within the key's regions, recorded, and once a request. */
import { maySee } from '../../domain/access';
import { parseSweepId } from '../../domain/ids';
import type { Sweep, SweepKind } from '../../domain/sweep';
import type { Asking } from '../access/acting';
import { nameFrom } from '../ports/digest-port';
import type { EstatePorts } from '../ports/estate-ports';
import { recordChange, startChange } from '../access/record-change';
import {
  conflict,
  invalid,
  NOT_FOUND,
  type Conflict,
  type Invalid,
  type NotFound,
} from '../access/refusal';
import { startSweep, type StartSweepDeps } from './start-sweep';

export interface SweepByHand {
  readonly kind: SweepKind;
  readonly mode: 'dry-run' | 'apply';
  /** Null = every region that the key reaches. */
  readonly region: string | null;
  readonly by: Asking & { readonly reason: string | null };
}

const ACTION = 'sweep-started';

export async function sweepByHand(
  deps: StartSweepDeps & Pick<EstatePorts, 'audit' | 'digest'>,
  { kind, mode, region, by }: SweepByHand,
): Promise<{ readonly kind: 'started'; readonly sweep: Sweep } | NotFound | Conflict | Invalid> {
  if (region !== null && !maySee(by.regions, region)) return NOT_FOUND;
  if (kind === 'settle') {
    // It does what is due, whosever it is, as it does each minute by itself.
    if (mode === 'dry-run') return invalid('/dryRun', 'A settle sweep has no dry run.');
    if (region !== null) return invalid('/region', 'A settle sweep goes over the whole estate.');
    if (by.regions.length > 0) {
      return conflict('A settle sweep goes over the whole estate; this key is limited to regions.');
    }
  }
  const id = parseSweepId(`swp_${nameFrom(deps.digest, by.requestId, 'sweep')}`);
  const { at } = await startChange(deps, { by, subject: id, action: ACTION });
  const dryRun = mode === 'dry-run';
  const after = { kind, dryRun, region, regions: by.regions };
  const change = { by, subject: id, region: region ?? onlyRegion(by), action: ACTION, at };
  await recordChange(deps, { ...change, before: null, after });
  const { regions, author } = by;
  const sweep = await startSweep(deps, { id, kind, dryRun, region, regions, author });
  return { kind: 'started', sweep };
}

/** A key limited to one region finds the record of its sweep there. */
const onlyRegion = ({ regions }: Asking): string | null =>
  regions.length === 1 ? (regions[0] ?? null) : null;
