/** Gets one database engine before all tests, installing it where there is none. */
import { startTestEngine, TEST_URI } from './test-engine';
import type { Log } from '../../src/flows/ports/log-port';

export default async function globalSetup(): Promise<void> {
  const startedAt = Date.now();
  const engine = await startTestEngine(progress);
  globalThis.tierbridgeTestEngine = engine;
  process.env[TEST_URI] = engine.uri;
  const { kind, version } = engine.engine;
  const took = ((Date.now() - startedAt) / 1000).toFixed(1);
  say(`database for tests: ${kind} ${version}, ready in ${took} s`);
}

/** What takes long, or goes wrong, is worth a line; that there is no official server is not. */
const progress: Log = {
  debug: () => undefined,
  info: (fact) => {
    if (/is being (installed|downloaded)/.test(fact)) say(`${fact} …`);
  },
  warn: () => undefined,
  error: (fact, fields) => say(fact, fields),
};

function say(fact: string, fields?: Readonly<Record<string, unknown>>): void {
  const rest = fields === undefined ? '' : ` ${JSON.stringify(fields)}`;
  process.stderr.write(`${fact}${rest}\n`);
}
