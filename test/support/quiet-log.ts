/** Logs for tests: one that says nothing, and one that keeps what was said. */
import type { Log, LogFields } from '../../src/flows/ports/log-port';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fact: string;
  readonly fields: LogFields;
}

const silent = (): void => undefined;

export const quietLog: Log = { debug: silent, info: silent, warn: silent, error: silent };

/** Adds each line to `lines`. */
export function recordingLog(lines: LogLine[]): Log {
  const keep =
    (level: LogLine['level']) =>
    (fact: string, fields: LogFields = {}): void => {
      lines.push({ level, fact, fields });
    };
  return { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}
