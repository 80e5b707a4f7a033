/** The real service, composed as `npm start` composes it, in a process of its own. */
import { compose, type Service } from '../../../src/compose';
import { readConfig } from '../../../src/config';
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
  readonly stop: (input: null) => Promise<void>;
};

let running: Service | null = null;

serveParent({ start, stop } satisfies ServiceCalls, () => stop(null));

async function start({ environment, database }: ServiceInput): Promise<ServiceAddresses> {
  const config = readConfig({ ...environment }, null);
  const log = createLog({ level: config.logLevel });
  running = await compose(config, { log, database });
  return { httpPort: running.http.port, metricsPort: running.metrics.port };
}

async function stop(_input: null): Promise<void> {
  await running?.stop();
  running = null;
}
