/** How each engine is called and read: arguments, addresses, signs of life; starts nothing. */
import { askEngine, directUri, withAdmin } from './ask-engine';
import type { EngineProgram } from './engine';
import { ensureOneMemberSet, REPLICA_SET } from './replica-set';

export interface EngineCommand {
  /** `port` 0: the engine chooses one and prints it. */
  args(storage: string, port: number): readonly string[];
  readonly choosesPort: boolean;
  /** The port in what it has printed, or null while it has printed none. */
  portIn(printed: string): number | null;
  uri(port: number): string;
  /** Resolves when it takes writes, throws when it does not; brings it nearer where it can. */
  expectReady(port: number, timeoutMs: number): Promise<void>;
}

export function engineCommand({ kind, version }: EngineProgram): EngineCommand {
  return kind === 'mongod' ? mongod(version) : SECANTUSDB;
}

const SECANTUSDB: EngineCommand = {
  /**
   * Without `--sync-on-commit` acknowledged writes are lost at a kill -9, `j: true` or not. The
   * operation log needs no such care: nobody reads it (decision 0017).
   */
  args: (storage, port) => [
    '--port',
    String(port),
    '--storage-path',
    storage,
    '--cache-size',
    '512M',
    '--log-file-max',
    '128MB',
    '--sync-on-commit',
    '--oplog-nonlogged',
  ],
  choosesPort: true,
  portIn(printed) {
    const port = /listening on 127\.0\.0\.1:(\d{1,5})\b/.exec(printed)?.[1];
    return port === undefined ? null : Number(port);
  },
  uri: (port) => `mongodb://127.0.0.1:${port}/?replicaSet=secantus`,
  expectReady: expectPrimary,
};

function mongod(version: string): EngineCommand {
  return {
    args: (storage, port) => [
      '--bind_ip',
      '127.0.0.1',
      '--port',
      String(port),
      '--dbpath',
      storage,
      '--replSet',
      REPLICA_SET,
      '--oplogSize',
      '512',
      '--wiredTigerCacheSizeGB',
      '0.5',
      '--nounixsocket',
      // A set of one has nobody to hand over to: by default it would wait 15 s for that.
      ...(Number.parseInt(version, 10) >= 5
        ? ['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=500']
        : []),
    ],
    choosesPort: false,
    portIn: () => null,
    uri: (port) => `mongodb://127.0.0.1:${port}/?replicaSet=${REPLICA_SET}`,
    async expectReady(port, timeoutMs) {
      const { takesWrites } = await askEngine(directUri(port), timeoutMs);
      if (takesWrites) return;
      await withAdmin(directUri(port), timeoutMs, (command) => ensureOneMemberSet(command, port));
      await expectPrimary(port, timeoutMs);
    },
  };
}

async function expectPrimary(port: number, timeoutMs: number): Promise<void> {
  const { takesWrites } = await askEngine(directUri(port), timeoutMs);
  if (!takesWrites) throw new Error('It answers, and takes no writes yet.');
}
