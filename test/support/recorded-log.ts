/** A log that keeps its lines for a test to read. */
import type { Log, LogFields } from '../../src/flows/ports/log-port';

export interface LogLine {
  readonly level: keyof Log;
  readonly fact: string;
  readonly fields: LogFields;
}

export interface RecordedLog extends Log {
  readonly lines: readonly LogLine[];
  facts(level?: keyof Log): string[];
  /** Everything that was said, as it would be written. */
  text(): string;
}

export function createRecordedLog(): RecordedLog {
  const lines: LogLine[] = [];
  const at =
    (level: keyof Log) =>
    (fact: string, fields: LogFields = {}): void =>
      void lines.push({ level, fact, fields });
  return {
    ...{ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    lines,
    text: () => JSON.stringify(lines),
    facts: (level) =>
      lines.filter((line) => level === undefined || line.level === level).map(({ fact }) => fact),
  };
}
