/**
 * Under which numbering the provider's units stand now; waits a little for the stream's first
 * word.
 */
import { sleep } from '../ports/clock';
import type { EstatePorts } from '../ports/estate-ports';

const MOST_WAIT_MS = 10_000;
const STEP_MS = 250;

type Deps = Pick<EstatePorts, 'follower' | 'clock'>;

/** Null where the status stream has not been heard within 10 s. */
export async function awaitStreamRank(deps: Deps): Promise<number | null> {
  for (let waitedMs = 0; waitedMs <= MOST_WAIT_MS; waitedMs += STEP_MS) {
    const rank = await streamRankNow(deps);
    if (rank > 0) return rank;
    await sleep(deps.clock, STEP_MS);
  }
  return null;
}

export async function streamRankNow(deps: Deps): Promise<number> {
  return (await deps.follower.read()).streams.length;
}
