/** Asks a server who it is, over a connection of its own; changes nothing. */
import { mongo } from 'mongoose';
import { z } from 'zod';

export interface EngineAnswer {
  readonly version: string;
  readonly isSecantusDb: boolean;
  readonly takesWrites: boolean;
}

const helloShape = z.object({ isWritablePrimary: z.boolean().default(false) });
/** SecantusDB gives the version of MongoDB that it speaks for, and beside it its own. */
const buildShape = z.object({
  version: z.string().default('unknown'),
  secantusVersion: z.string().optional(),
});

/** Throws when it does not answer within about `timeoutMs`. */
export async function askEngine(uri: string, timeoutMs: number): Promise<EngineAnswer> {
  return withAdmin(uri, timeoutMs, async (command) => {
    const hello = helloShape.parse(await command({ hello: 1 }));
    const build = buildShape.parse(await command({ buildInfo: 1 }));
    return {
      version: build.secantusVersion ?? build.version,
      isSecantusDb: build.secantusVersion !== undefined,
      takesWrites: hello.isWritablePrimary,
    };
  });
}

/** Runs one command of the `admin` database and answers what the server answered. */
export type AdminCommand = (command: Readonly<Record<string, unknown>>) => Promise<unknown>;

export async function withAdmin<T>(
  uri: string,
  timeoutMs: number,
  work: (command: AdminCommand) => Promise<T>,
): Promise<T> {
  const client = new mongo.MongoClient(uri, {
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    socketTimeoutMS: timeoutMs,
    maxPoolSize: 1,
    retryReads: false,
  });
  try {
    const admin = client.db('admin');
    return await work((command) => admin.command(command));
  } finally {
    await client.close();
  }
}

/** To one server, whatever role it has. */
export const directUri = (port: number): string =>
  `mongodb://127.0.0.1:${port}/?directConnection=true`;
