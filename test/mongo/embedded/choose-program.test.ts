/** Checks the order in which engines are looked for, and that data keeps its engine. */
import { realClock } from '../../../src/jobs/real-clock';
import type { EngineProgram } from '../../../src/mongo/embedded/engine';
import {
  chooseProgram,
  type Choice,
  type Sources,
} from '../../../src/mongo/embedded/programs/choose-program';
import { quietLog } from '../../support/quiet-log';
import { clearScratch, scratchDir } from '../../support/scratch';

const near = { clock: realClock, log: quietLog };
const MONGOD: EngineProgram = { kind: 'mongod', path: 'mongod', version: '8.0.0' };
const GOT: EngineProgram = { kind: 'mongod', path: 'cached', version: '8.2.6' };
const SECANTUS: EngineProgram = { kind: 'secantusdb', path: 's', version: '0.6.0b17' };

afterAll(clearScratch);

describe('the choice of an engine', () => {
  it('takes a mongod of this machine, and then fetches nothing', async () => {
    const { choose, asked } = newChoice({ found: MONGOD });
    expect(await choose({})).toBe(MONGOD);
    expect(asked).toEqual(['find']);
  });

  it('downloads the official server where there is none', async () => {
    const { choose, asked } = newChoice({ download: { kind: 'got', program: GOT } });
    expect(await choose({})).toBe(GOT);
    expect(asked).toEqual(['find', 'download']);
  });

  it('installs SecantusDB where the official server cannot be had', async () => {
    const { choose, asked } = newChoice({});
    expect(await choose({})).toBe(SECANTUS);
    expect(asked).toEqual(['find', 'download', 'install']);
  });

  it('stays with SecantusDB where its data lies, though there is a mongod by now', async () => {
    const { choose, asked } = newChoice({ found: MONGOD });
    expect(await choose({ held: 'secantusdb' })).toBe(SECANTUS);
    expect(asked).toEqual(['install']);
  });

  it('refuses MONGOD_BINARY where data of SecantusDB lies', async () => {
    const { choose } = newChoice({ found: MONGOD });
    const refused = choose({ held: 'secantusdb', mongodBinary: 'mongod' });
    await expect(refused).rejects.toThrow('Unset MONGOD_BINARY');
  });

  it('never begins an empty SecantusDB where data of a mongod lies', async () => {
    const { choose, asked } = newChoice({});
    await expect(choose({ held: 'mongod' })).rejects.toThrow(
      'DATA_DIR holds data of a mongod, and there is none on this machine now',
    );
    expect(asked).not.toContain('install');
  });

  it('fetches for one process at a time', async () => {
    let inside = 0;
    let most = 0;
    const { choose } = newChoice({
      during: async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise<void>((resolve) => setImmediate(resolve));
        inside -= 1;
      },
    });
    await Promise.all([choose({}), choose({}), choose({ held: 'secantusdb' })]);
    expect(most).toBe(1);
  });
});

interface World {
  readonly found?: EngineProgram;
  readonly download?: Awaited<ReturnType<Sources['download']>>;
  readonly during?: () => Promise<void>;
}

function newChoice({ found, download, during }: World) {
  const asked: string[] = [];
  const cacheDir = scratchDir();
  const sources: Sources = {
    find: () => {
      asked.push('find');
      return Promise.resolve(found ?? null);
    },
    download: async () => {
      asked.push('download');
      await during?.();
      return download ?? { kind: 'failed', why: 'no network' };
    },
    install: async () => {
      asked.push('install');
      await during?.();
      return SECANTUS;
    },
  };
  return {
    asked,
    choose: (choice: Partial<Choice>) =>
      chooseProgram(near, { held: null, mongodBinary: null, cacheDir, ...choice }, sources),
  };
}
