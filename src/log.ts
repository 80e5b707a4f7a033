/** Writes one JSON line per fact, with no secret in it; does not decide what is worth saying. */
import { pino, type DestinationStream } from 'pino';
import type { LogLevel } from './env-schema';
import type { Log, LogFields } from './flows/ports/log-port';
import { createRedactor, type ShownRecord } from './redact';
import type { Secret } from './secret';

export interface LogOptions {
  /** The least urgent level that is written. */
  readonly level: LogLevel;
  /** Where lines go; standard output unless said otherwise. */
  readonly destination?: DestinationStream;
  /** Values that are blotted out wherever they turn up, inside other people's messages too. */
  readonly hidden?: readonly Secret[];
}

/**
 * The log of one process. A line holds `level`, `time` (ISO 8601 UTC, by the wall clock: it says
 * when the line was written, not when the fact happened), `pid`, `hostname`, `fact` and the fields.
 *
 * - `error`: a law is at risk, or something is broken for good; a person must look now.
 * - `warn`: the service goes on and will try again, but a person must look if it stays so: the
 *   provider away, a frame that could not be read, a retry, a refused write of a stale leader.
 * - `info`: what the estate would tell of: started, payment stored, entry made, break opened, sweep
 *   finished, leader changed, stopped.
 * - `debug`: single steps, for whoever follows one payment through the code.
 *
 * Texts are cut at 2,000 characters. No method throws, whatever it is given.
 */
export function createLog({ level, destination, hidden = [] }: LogOptions): Log {
  const redact = createRedactor(hidden.map((secret) => secret.reveal()));
  const lines = pino(
    {
      level,
      messageKey: 'fact',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
  const write =
    (at: keyof Log) =>
    (fact: string, fields: LogFields = {}): void => {
      if (!lines.isLevelEnabled(at)) return;
      lines[at](besideOurs(redact.fields(fields)), redact.text(fact));
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

const OURS = new Set(['level', 'time', 'pid', 'hostname', 'fact']);

/** A field named like one of the line's own gets a `_`, or the line would say the name twice. */
function besideOurs(fields: ShownRecord): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [OURS.has(name) ? `${name}_` : name, value]),
  );
}
