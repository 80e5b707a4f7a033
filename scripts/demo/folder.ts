/** A run's own folder among the system's temporary ones: database, log, and nothing else. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LOG = 'service.log';

export interface RunFolder {
  readonly path: string;
  readonly logPath: string;
  /** From now on the log outlives the run, for somebody to read. */
  keepLog(): void;
  /** Everything goes, but for a log that is to be kept. */
  remove(): void;
}

export function makeRunFolder(): RunFolder {
  const path = mkdtempSync(join(tmpdir(), 'tierbridge-demo-'));
  let isLogKept = false;
  return {
    path,
    logPath: join(path, LOG),
    keepLog: () => void (isLogKept = true),
    remove() {
      const left = readdirSync(path).filter((name) => isLogKept && name === LOG);
      for (const name of readdirSync(path)) {
        if (!left.includes(name)) rmSync(join(path, name), { recursive: true, force: true });
      }
      if (left.length === 0) rmSync(path, { recursive: true, force: true });
    },
  };
}
