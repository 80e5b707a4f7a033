/** Ends a database engine that a service had no time to end; only one on the run's own data. */
import { existsSync } from 'node:fs';
import { realClock } from '../../src/jobs/real-clock';
import { openDataPlaces, readRecord } from '../../src/mongo/embedded/data-places';
import {
  commandLineOf,
  endProcess,
  markOf,
} from '../../src/mongo/embedded/processes/process-table';

const PATIENCE_MS = 3_000;

/** A service that was killed, or cut off while it started, leaves its engine running. */
export async function endLeftoverEngine(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return;
  const record = await readRecord(await openDataPlaces(dataDir));
  const pid = record?.process?.pid;
  if (record === null || pid === undefined) return;
  const mark = await markOf(realClock, pid);
  const commandLine = await commandLineOf(realClock, pid);
  if (mark === null || commandLine?.includes(record.storage) !== true) return;
  await endProcess(realClock, mark, PATIENCE_MS);
}
