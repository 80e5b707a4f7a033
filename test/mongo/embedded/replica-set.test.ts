/** Checks the words to a mongod about its set, against its documented answers; no mongod runs. */
import { mongo } from 'mongoose';
import type { AdminCommand } from '../../../src/mongo/embedded/ask-engine';
import { ensureOneMemberSet } from '../../../src/mongo/embedded/replica-set';

type Command = Parameters<AdminCommand>[0];

describe('a mongod of one member', () => {
  it('is made a set on fresh data', async () => {
    const sent = await talk(() => {
      throw new mongo.MongoServerError({ code: 94, codeName: 'NotYetInitialized' });
    });
    expect(sent).toEqual([
      { replSetGetConfig: 1 },
      {
        replSetInitiate: { _id: 'tierbridge', members: [{ _id: 0, host: '127.0.0.1:4444' }] },
      },
    ]);
  });

  it('is left alone where it is known under its address', async () => {
    const sent = await talk(() => ({ config: configAt('127.0.0.1:4444') }));
    expect(sent).toEqual([{ replSetGetConfig: 1 }]);
  });

  it('is told its new address where its set knows an old one, and nothing else', async () => {
    const sent = await talk(() => ({ config: configAt('127.0.0.1:1111') }));
    expect(sent[1]).toEqual({
      replSetReconfig: { ...configAt('127.0.0.1:4444'), version: 8 },
      force: true,
    });
  });

  it('passes on every other refusal', async () => {
    const refuse = (): never => {
      throw new mongo.MongoServerError({ code: 13, message: 'Unauthorized' });
    };
    await expect(talk(refuse)).rejects.toThrow('Unauthorized');
  });
});

function configAt(host: string): Readonly<Record<string, unknown>> {
  const member = { _id: 0, host, priority: 1, votes: 1 };
  return { _id: 'tierbridge', version: 7, term: 3, members: [member], settings: { a: 1 } };
}

async function talk(answerConfig: () => unknown): Promise<readonly Command[]> {
  const sent: Command[] = [];
  const command: AdminCommand = (document) => {
    sent.push(document);
    return Promise.resolve().then(() => ('replSetGetConfig' in document ? answerConfig() : {}));
  };
  await ensureOneMemberSet(command, 4444);
  return sent;
}
