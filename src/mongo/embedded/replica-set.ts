/** Makes a mongod a replica set of itself alone, at its present address; waits for no vote. */
import { mongo } from 'mongoose';
import { z } from 'zod';
import type { AdminCommand } from './ask-engine';

export const REPLICA_SET = 'tierbridge';

const NOT_YET_INITIALIZED = 94;

const configShape = z.object({
  config: z.looseObject({
    version: z.int(),
    members: z.array(z.looseObject({ _id: z.int(), host: z.string() })).min(1),
  }),
});

/**
 * Initiates a set on fresh data. On data whose set knows the server under another port, which then
 * is a member of nothing, it corrects the address. Repeatable; throws what the server refuses.
 */
export async function ensureOneMemberSet(command: AdminCommand, port: number): Promise<void> {
  const host = `127.0.0.1:${port}`;
  const current = await readConfig(command);
  if (current === null) {
    const config = { _id: REPLICA_SET, members: [{ _id: 0, host }] };
    await command({ replSetInitiate: config });
    return;
  }
  const [member] = current.members;
  if (current.members.length === 1 && member?.host === host) return;
  // Forced: a set whose only member has moved has no majority that could agree.
  await command({
    replSetReconfig: {
      ...current,
      version: current.version + 1,
      members: [{ ...member, host }],
    },
    force: true,
  });
}

async function readConfig(command: AdminCommand) {
  try {
    return configShape.parse(await command({ replSetGetConfig: 1 })).config;
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code === NOT_YET_INITIALIZED) return null;
    throw error;
  }
}
