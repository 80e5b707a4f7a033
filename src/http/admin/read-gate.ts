/**
 * How many reads of the admin API go on at once, so that people who look never take the database
 * from the boxes; knows no route.
 */
import type { Clock } from '../../flows/ports/clock';
import { createPlaces, type Places } from '../places';

export interface ReadGate {
  /** @throws NoPlace where none became free in time; else what the read throws. */
  run(keyId: string, read: () => Promise<void>): Promise<void>;
}

const OF_ALL = { atOnce: 8, waiting: 400, waitMs: 5_000 };
/** One key's reads leave places to the others. */
const OF_ONE_KEY = { atOnce: 4, waiting: 100, waitMs: 5_000 };

export function createReadGate(clock: Pick<Clock, 'after'>): ReadGate {
  const all = createPlaces(OF_ALL, clock);
  /** As many as there are keys: only those that are known come so far. */
  const byKey = new Map<string, Places>();
  const placesOf = (keyId: string): Places => {
    const known = byKey.get(keyId) ?? createPlaces(OF_ONE_KEY, clock);
    byKey.set(keyId, known);
    return known;
  };
  return {
    run: (keyId, read) => placesOf(keyId).run(() => all.run(read)),
  };
}
