/** The real service, composed as `npm start` composes it, in a process of its own. */
import { compose, type Service } from '../../../src/compose';
import { readConfig } from '../../../src/config';
import type { Log } from '../../../src/flows/ports/log-port';
import { createLog } from '../../../src/log';
import { serveParent } from './serve-parent';

export interface ServiceInput {
  /** As the process's own environment would name the settings. */
  readonly environment: Readonly<Record<string, string>>;
  readonly database: string;
}

export interface ServiceAddresses {
  readonly httpPort: number;
  readonly metricsPort: number;
}

export type ServiceCalls = {
  readonly start: (input: ServiceInput) => Promise<ServiceAddresses>;
  /** When the payment's first entry is stored, in ms since 1970; to be asked before it is. */
  readonly credited: (paymentId: string) => Promise<number>;
  readonly stop: (input: null) => Promise<void>;
};

const CREDITED_WITHIN_MS = 20_000;

let running: Service | null = null;
const awaited = new Map<unknown, (atMs: number) => void>();

serveParent({ start, credited, stop } satisfies ServiceCalls, () => stop(null));

async function start({ environment, database }: ServiceInput): Promise<ServiceAddresses> {
  const config = readConfig({ ...environment }, null);
  const log = heard(createLog({ level: config.logLevel }));
  running = await compose(config, { log, database });
  return { httpPort: running.http.port, metricsPort: running.metrics.port };
}

/** The log says that an entry was made once the database has acknowledged it as durable. */
function heard(log: Log): Log {
  return {
    ...log,
    info(fact, fields) {
      const atMs = performance.timeOrigin + performance.now();
      log.info(fact, fields);
      if (fact === 'entry made') awaited.get(fields?.['paymentId'])?.(atMs);
    },
  };
}

async function credited(paymentId: string): Promise<number> {
  try {
    return await new Promise<number>((resolve, reject) => {
      awaited.set(paymentId, resolve);
      setTimeout(() => reject(new Error('It is not credited.')), CREDITED_WITHIN_MS).unref();
    });
  } finally {
    awaited.delete(paymentId);
  }
}

async function stop(_input: null): Promise<void> {
  await running?.stop();
  running = null;
}
