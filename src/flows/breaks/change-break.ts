/** Makes one change of a person's to one break, recorded and by compare-and-set; plans nothing. */
import type { Break } from '../../domain/break';
import type { BreakId } from '../../domain/ids';
import type { Acting } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import { recordChange, startChange, type ChangeStart } from '../access/record-change';
import { recordedBreak } from '../access/recorded';
import { conflict, NOT_FOUND, type Conflict, type NotFound } from '../access/refusal';
import { visibleBreak, type VisibleBreak } from './visible-break';

export type ChangeBreakDeps = Pick<
  EstatePorts,
  'breaks' | 'rentals' | 'audit' | 'digest' | 'clock'
>;

export type BreakChanged = { readonly kind: 'changed'; readonly changed: Break };

export interface BreakChange {
  readonly id: BreakId;
  readonly by: Acting;
  readonly action: string;
  /** The break itself: it is as asked already. Asked again where somebody else changed it. */
  readonly plan: (found: Break, start: ChangeStart) => Break | Conflict | Promise<Break | Conflict>;
  /** Done between the record and the change: killed after it, the break still stands open. */
  readonly first?: (visible: VisibleBreak, start: ChangeStart) => Promise<void>;
}

const MOST_TRIES = 10;

export async function changeBreak(
  deps: ChangeBreakDeps,
  { id, by, action, plan, first }: BreakChange,
): Promise<BreakChanged | NotFound | Conflict> {
  const start = await startChange(deps, { by, subject: id, action });
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const visible = await visibleBreak(deps, { regions: by.regions, id });
    if (visible === null) return NOT_FOUND;
    const { found, region } = visible;
    const planned = await plan(found, start);
    if (isConflict(planned)) return planned;
    if (planned === found) return { kind: 'changed', changed: found };
    const before = recordedBreak(found);
    const after = recordedBreak(planned);
    await recordChange(deps, { by, subject: id, region, action, at: start.at, before, after });
    await first?.(visible, start);
    if (await deps.breaks.save(planned)) {
      return { kind: 'changed', changed: { ...planned, rev: planned.rev + 1 } };
    }
  }
  return conflict('This break is being changed by others at this moment; try again.');
}

/** A break has a kind too, but none is called `conflict`. */
const isConflict = (planned: Break | Conflict): planned is Conflict => planned.kind === 'conflict';
