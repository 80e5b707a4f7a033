/** Reads the settings, starts the service, and stops it when it is told to. */
import { compose, NoAdminKey } from './compose';
import { ConfigFault, loadConfig } from './config';
import { realClock } from './jobs/real-clock';
import { createLog } from './log';

/** The exit code for a fault in the configuration (sysexits' EX_CONFIG). */
const EX_CONFIG = 78;
/** A stop that hangs is cut off: the promise is 10 s. */
const STOPS_WITHIN_MS = 9_500;

async function main(): Promise<void> {
  const config = loadConfig();
  const hidden = [config.provider.token, config.adminKey, config.mongo.uri];
  const log = createLog({
    level: config.logLevel,
    hidden: hidden.filter((secret) => secret !== null),
  });
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
  const text = error instanceof Error ? (isFault ? error.message : error.stack) : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(isFault ? EX_CONFIG : 1);
});
