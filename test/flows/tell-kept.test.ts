/** The log tells of each entry and each break once, when it is kept for good. */
import { parseBreakId, parseEntryId } from '../../src/domain/ids';
import { tellBreaks, tellEntries } from '../../src/flows/tell-kept';
import { at, draftOf } from '../contract/money-rows';
import { createFakeBreakStore } from '../support/fakes/break-store';
import { createFakeEntryStore } from '../support/fakes/entry-store';
import { createRecordedLog } from '../support/recorded-log';

describe('an entry', () => {
  it('is told of once, with what it does to whose time', async () => {
    const log = createRecordedLog();
    const entries = tellEntries(createFakeEntryStore(), log);
    const paid = draftOf('tx:tx-1');
    const appended = await entries.append([paid, draftOf('tx:tx-2')], new Map());
    await entries.append([paid], new Map());
    expect(appended.map(({ kind }) => kind)).toEqual(['added', 'added']);
    const { seconds, amount, paymentId, author } = paid;
    const told = { entryId: 'r_1:1:1', kind: 'paid', seconds, amount, paymentId, author };
    expect(log.lines).toEqual([
      { level: 'info', fact: 'entry made', fields: told },
      { level: 'info', fact: 'entry made', fields: { ...told, entryId: 'r_1:1:2' } },
    ]);
  });

  it('is not told of when it could not be stored, and is read as before', async () => {
    const log = createRecordedLog();
    const kept = createFakeEntryStore();
    const append = async (): Promise<never> => {
      throw new Error('lost');
    };
    const entries = tellEntries({ ...kept, append }, log);
    await expect(entries.append([draftOf('tx:tx-1')], new Map())).rejects.toThrow('lost');
    expect(log.lines).toEqual([]);
    await kept.append([draftOf('tx:tx-1')], new Map());
    expect(await entries.get([parseEntryId('r_1:1:1')])).toHaveLength(1);
  });
});

describe('a break', () => {
  const opening = (minutes: number, fingerprint: string) => ({
    draft: {
      ...{ kind: 'evicted-upstream' as const, about: 'r_1', fingerprint, subjects: ['r_1'] },
      ...{ amount: null, seconds: null, text: 'Let to somebody else.' },
    },
    ...{ region: 'Ahern', owner: 'estate', now: at(minutes) },
  });

  it('is told of when it is opened and when it comes back, and not while it stands', async () => {
    const log = createRecordedLog();
    const breaks = tellBreaks(createFakeBreakStore(), log);
    const [opened] = await breaks.open([opening(1, 'a')]);
    await breaks.open([opening(2, 'a')]);
    await breaks.open([opening(3, 'b')]);
    const gone = { kind: 'evicted-upstream' as const, about: 'r_1', resolution: 'Gone.' };
    await breaks.settle([{ ...gone, as: 'resolved', now: at(4) }]);
    await breaks.open([opening(5, 'b')]);
    const told = { kind: 'evicted-upstream', about: 'r_1', subjects: ['r_1'], owner: 'estate' };
    const line = {
      ...{ level: 'info', fact: 'break opened' },
      fields: { breakId: parseBreakId(opened!.id), ...told },
    };
    expect(log.lines).toEqual([line, line]);
  });
});
