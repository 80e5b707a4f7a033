/** A log that keeps what it is told, for tests to read. */
import type { Log, LogFields } from '../../src/flows/ports/log-port';

export interface Line {
  readonly level: keyof Log;
  readonly fact: string;
  readonly fields: LogFields;
}

export interface RecordedLog extends Log {
  readonly lines: readonly Line[];
  facts(): readonly string[];
  /** Everything that was said, as it would be written. */
  text(): string;
}

export function createRecordedLog(): RecordedLog {
  const lines: Line[] = [];
  const at =
    (level: keyof Log) =>
    (fact: string, fields: LogFields = {}): void =>
      void lines.push({ level, fact, fields });
  return {
    lines,
    facts: () => lines.map(({ fact }) => fact),
    text: () => JSON.stringify(lines),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
}
