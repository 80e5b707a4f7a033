/** When each schedule next wants to run, so that a missed fire is found; fires nothing. */
import type { Connection } from 'mongoose';
import type { SweepStore } from '../../flows/ports/upkeep-ports';
import { storage } from '../storage-errors';
import { literal, recordsOf, toDate, toInstantOrNull, upsert } from '../stored-record';

interface ScheduleRecord {
  /** The job's name. */
  _id: string;
  nextFire: Date;
}

export function createSchedules(
  connection: Connection,
): Pick<SweepStore, 'nextFire' | 'noteNextFire'> {
  const schedules = recordsOf<ScheduleRecord>(connection, 'schedules', {
    _id: String,
    nextFire: Date,
  });
  return {
    nextFire: (job) =>
      storage(async () => toInstantOrNull((await schedules.findById(job).lean())?.nextFire)),
    noteNextFire: (job, at) =>
      storage(async () => {
        await upsert(schedules, job, [{ $set: literal({ nextFire: toDate(at) }) }]);
      }),
  };
}
