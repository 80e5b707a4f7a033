/**
 * A gate between a service and its database: open, held or cut; it reads nothing of what passes.
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface DatabaseGate {
  /** The database's address through the gate. */
  readonly uri: string;
  /** Every connection breaks, and new ones break at once: nothing can be saved. */
  cut(): void;
  /** Connections stay open and nothing passes: what is asked waits. */
  hold(): void;
  open(): void;
  /** How many bytes wait on their way to the database. */
  waiting(): number;
  close(): Promise<void>;
}

type State = 'open' | 'held' | 'cut';

/** @param uri of one server, with the database in its path; of a set, the one member. */
export async function startDatabaseGate(uri: string): Promise<DatabaseGate> {
  const target = new URL(uri);
  const database = { host: target.hostname, port: Number(target.port || 27_017) };
  const pairs = new Set<Pair>();
  let state: State = 'open';
  const server = createServer((client) => {
    if (state === 'cut') return void client.destroy();
    const pair = new Pair(client, connect(database));
    pairs.add(pair);
    pair.onEnd(() => pairs.delete(pair));
    if (state === 'held') pair.hold();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const turn = (to: State, act: (pair: Pair) => void): void => {
    state = to;
    for (const pair of pairs) act(pair);
  };
  const cut = (): void => turn('cut', (pair) => pair.end());
  return {
    // Members of a set name their own addresses, which would lead past the gate.
    uri: `mongodb://127.0.0.1:${port}${target.pathname}?directConnection=true`,
    cut,
    hold: () => turn('held', (pair) => pair.hold()),
    open: () => turn('open', (pair) => pair.release()),
    waiting: () => [...pairs].reduce((sum, pair) => sum + pair.waiting(), 0),
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One connection on both sides; what comes while it is held is kept, and sent on in order. */
class Pair {
  #kept: Buffer[] = [];
  #isHeld = false;

  constructor(
    private readonly client: Socket,
    private readonly database: Socket,
  ) {
    client.on('data', (bytes) => {
      if (this.#isHeld) this.#kept.push(bytes);
      else database.write(bytes);
    });
    database.on('data', (bytes) => client.write(bytes));
    for (const socket of [client, database]) {
      socket.on('error', () => this.end());
      socket.on('close', () => this.end());
    }
  }

  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    for (const bytes of this.#kept.splice(0)) this.database.write(bytes);
  }

  waiting(): number {
    return this.#kept.reduce((sum, bytes) => sum + bytes.length, 0);
  }

  end(): void {
    this.client.destroy();
    this.database.destroy();
  }

  onEnd(run: () => void): void {
    this.client.once('close', run);
  }
}
