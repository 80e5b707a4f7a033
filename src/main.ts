/** Reads the settings, starts the service, and stops it when it is told to. */
import { compose, NoAdminKey } from './compose';
import { ConfigFault, loadConfig } from './config';
import { realClock } from './jobs/real-clock';
import { createLog } from './log';
import { isDatabaseAddress } from './mongo/address';
import { createRedactor } from './redact';
import type { Secret } from './secret';

/** The exit code for a fault in the configuration (sysexits' EX_CONFIG). */
const EX_CONFIG = 78;
/** A stop that hangs is cut off: the promise is 10 s. */
const STOPS_WITHIN_MS = 9_500;

/** What the settings hold that nothing may show; empty until they are read. */
const hidden: Secret[] = [];

async function main(): Promise<void> {
  const config = loadConfig(isDatabaseAddress);
  const { provider, adminKey, mongo } = config;
  hidden.push(...[provider.token, adminKey, mongo.uri].filter((secret) => secret !== null));
  const log = createLog({ level: config.logLevel, hidden });
  const starting = compose(config, { log });
  // Heeded from the first moment: what a start has begun, an engine above all, is ended in order.
  const end = async (): Promise<void> => {
    const service = await starting;
    await service.stop();
    log.info('stopped');
    process.exit(0);
  };
  const stop = (signal: NodeJS.Signals): void => {
    log.info('stopping', { signal });
    realClock.after(STOPS_WITHIN_MS, () => process.exit(1));
    void end().catch(() => undefined);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await starting;
}

main().catch((error: unknown) => {
  const isFault = error instanceof ConfigFault || error instanceof NoAdminKey;
  process.stderr.write(`${isFault ? error.message : unexpected(error)}\n`);
  process.exit(isFault ? EX_CONFIG : 1);
});

/** For whoever has to find out; somebody else's error may hold a secret. */
function unexpected(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return createRedactor(hidden.map((secret) => secret.reveal())).text(text);
}
