/** Waits for work to end, but not for ever; it stops nothing. */
import { sleep, type Clock } from '../flows/ports/clock';

/** `late`: it goes on by itself, and what becomes of it is nobody's concern any more. */
export async function endsWithin(
  clock: Clock,
  work: Promise<unknown>,
  withinMs: number,
): Promise<'ended' | 'late'> {
  const patience = new AbortController();
  const ended = work.then(() => 'ended' as const);
  const late = sleep(clock, withinMs, patience.signal).then(() => 'late' as const);
  const first = await Promise.race([ended, late]);
  patience.abort();
  return first;
}
