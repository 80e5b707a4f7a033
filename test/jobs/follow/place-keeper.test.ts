/** The writes of a place, where the database takes its time. */
import { parseInstant } from '../../../src/domain/time';
import type { FollowerState } from '../../../src/flows/ports/upkeep-ports';
import { PlaceKeeper } from '../../../src/jobs/follow/place-keeper';
import type { LeaseTerm } from '../../../src/jobs/lease-term';
import { createManualClock } from '../../support/manual-clock';

function slowPlace() {
  const clock = createManualClock(parseInstant('2026-03-01T12:00:00Z'));
  const held: (() => void)[] = [];
  const asked: (number | null)[] = [];
  let seq = 0;
  const term: LeaseTerm = {
    ...{ fence: 1, signal: new AbortController().signal },
    isHeld: () => true,
    assure: () => undefined,
  };
  const write = async (state: FollowerState): Promise<boolean> => {
    asked.push(state.seq);
    await new Promise<void>((resolve) => held.push(resolve));
    return true;
  };
  const state = (): FollowerState => ({ streams: [], seq, horizon: null });
  const read = async (): Promise<FollowerState> => state();
  const place = new PlaceKeeper({ follower: { read, write }, clock }, term, {
    ...{ state, stored: () => undefined, failed: () => undefined },
  });
  const hear = async (): Promise<void> => {
    seq += 1;
    place.note();
    await clock.advance(800);
  };
  return { asked, hear, place, finish: () => held.shift()?.(), settled: () => clock.advance(0) };
}

it('one write waits behind a slow one, for all that is heard meanwhile', async () => {
  const { asked, hear, place, finish, settled } = slowPlace();
  for (let n = 0; n < 10; n += 1) await hear();
  const last = place.write();
  expect(asked).toEqual([1]);
  expect(place.write()).toBe(last);
  finish();
  await settled();
  expect(asked).toEqual([1, 10]);
  finish();
  await last;
  expect(asked).toEqual([1, 10]);
});
