/** One page of the provider's units with the numbering under which it was read. */
import type { UnitWord } from '../../domain/unit';
import type { EstatePorts } from '../ports/estate-ports';
import { streamRankNow } from './stream-rank';

export interface UnitsRead {
  readonly words: readonly UnitWord[];
  readonly streamRank: number;
  readonly next: string | null;
}

export type ReadUnitsDeps = Pick<EstatePorts, 'provider' | 'follower' | 'asides' | 'clock'>;

const PAGE = 500;
/** The numbering may begin anew while a page is read; so often in a row it will not. */
const MOST_TRIES = 5;

/** @throws ProviderUnavailable */
export async function readUnits(deps: ReadUnitsDeps, cursor: string | null): Promise<UnitsRead> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const streamRank = await streamRankNow(deps);
    const page = await deps.provider.units({ limit: PAGE, ...(cursor === null ? {} : { cursor }) });
    if (streamRank !== (await streamRankNow(deps))) continue;
    await putAside(deps, page.unreadable);
    return { words: page.rows, streamRank, next: page.next };
  }
  throw new Error('The stream was numbered anew five times while one page was read.');
}

async function putAside(
  deps: ReadUnitsDeps,
  rows: readonly { readonly fault: string; readonly excerpt: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  const common = { at: deps.clock.now(), from: 'lookup', seq: null } as const;
  await deps.asides.put(rows.map(({ fault, excerpt }) => ({ ...common, fault, excerpt })));
}
