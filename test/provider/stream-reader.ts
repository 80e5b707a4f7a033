/** Reads a link's signals as they come, or batch by batch when a test is to be slow. */
import type {
  StreamConnection,
  StreamEnd,
  StreamSignal,
} from '../../src/flows/ports/provider-port';
import { until } from './until';

export interface StreamReader {
  readonly signals: readonly StreamSignal[];
  /** Set once the link and its signals have ended. */
  readonly end: StreamEnd | null;
  /** Waits until so many signals have been read. */
  heard(count: number): Promise<readonly StreamSignal[]>;
  ended(): Promise<StreamEnd>;
}

export function readAll(connection: StreamConnection): StreamReader {
  const signals: StreamSignal[] = [];
  const reader: { end: StreamEnd | null } = { end: null };
  const run = async (): Promise<void> => {
    for await (const batch of connection.signals) signals.push(...batch);
    reader.end = await connection.end;
  };
  const done = run();
  return {
    signals,
    get end() {
      return reader.end;
    },
    async heard(count) {
      await until(`${count} signals are heard`, () => signals.length >= count);
      return signals;
    },
    async ended() {
      await until('the link ends', () => reader.end !== null);
      await done;
      return connection.end;
    },
  };
}
