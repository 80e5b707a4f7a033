/** Asks alone for rows of a list that could not be read, and puts aside what stays unreadable. */
import { RefusedValue } from '../../domain/brand';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log-port';
import { ProviderUnavailable, type Unreadable } from '../ports/provider-port';
import type { AsideStore } from '../ports/upkeep-ports';

export interface AloneDeps {
  readonly asides: Pick<AsideStore, 'put'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** Unreadable rows of one page that are asked for alone. */
const MOST_ALONE = 20;
const MOST_NAMED = 5;

/**
 * @param alone asks for one row by its id, which is the provider's word and may be refused.
 * @returns the rows that could be read after all; the others are logged and kept for a person.
 */
export async function readAlone<Row>(
  deps: AloneDeps,
  unreadable: readonly Unreadable[],
  alone: (id: string) => Promise<Row | null>,
): Promise<Row[]> {
  const rescued: Row[] = [];
  const lost: Unreadable[] = [];
  for (const [i, one] of unreadable.entries()) {
    const row = one.id === null || i >= MOST_ALONE ? null : await tryAlone(alone, one.id);
    if (row === null) lost.push(one);
    else rescued.push(row);
  }
  if (lost.length === 0) return rescued;
  const at = deps.clock.now();
  const named = lost.slice(0, MOST_NAMED).map(({ id, fault }) => ({ id, fault }));
  deps.log.warn('rows of the provider unreadable', { count: lost.length, rows: named });
  await deps.asides.put(
    lost.map(({ fault, excerpt }) => ({ at, from: 'lookup' as const, seq: null, fault, excerpt })),
  );
  return rescued;
}

async function tryAlone<Row>(
  alone: (id: string) => Promise<Row | null>,
  id: string,
): Promise<Row | null> {
  try {
    return await alone(id);
  } catch (error) {
    if (error instanceof ProviderUnavailable || error instanceof RefusedValue) return null;
    throw error;
  }
}
