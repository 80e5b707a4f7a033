/** What every RequestStore keeps to, whatever it keeps its rows in. */
import { DAY_MS, type Instant } from '../../src/domain/time';
import type { RequestStore } from '../../src/flows/ports/upkeep-ports';

const STALE_MS = 60_000;
const ANSWER = {
  status: 201,
  body: { id: 'r_1', 'a.b': [1, null, { $set: '$x' }], big: 4_294_967_296, empty: {} },
};

export function requestStoreContract(create: () => Promise<RequestStore>): void {
  let store: RequestStore;
  const now = Date.now();
  const begin = (afterMs = 0, content = 'hash') =>
    store.begin({
      id: 'key_1:idem',
      content,
      now: (now + afterMs) as Instant,
      staleMs: STALE_MS,
    });
  beforeEach(async () => {
    store = await create();
  });

  describe('a request with an idempotency key', () => {
    it('lets a request run once, and gives its answer again for a week', async () => {
      expect(await begin()).toEqual({ kind: 'mine' });
      expect(await begin(1)).toEqual({ kind: 'running' });
      await store.finish('key_1:idem', ANSWER);
      expect(await begin(2)).toEqual({ kind: 'answered', ...ANSWER });
      expect(await begin(7 * DAY_MS)).toEqual({ kind: 'answered', ...ANSWER });
      expect(await begin(7 * DAY_MS + 1, 'another')).toEqual({ kind: 'mine' });
      expect(await begin(7 * DAY_MS + 2, 'another')).toEqual({ kind: 'running' });
    });

    it('keeps an answer without a body', async () => {
      await begin();
      await store.finish('key_1:idem', { status: 204, body: null });
      expect(await begin()).toEqual({ kind: 'answered', status: 204, body: null });
    });

    it('notices another content under the same key, running, answered or left', async () => {
      await begin();
      expect(await begin(1, 'another')).toEqual({ kind: 'other-content' });
      expect(await begin(STALE_MS + 1, 'another')).toEqual({ kind: 'other-content' });
      await store.finish('key_1:idem', ANSWER);
      expect(await begin(1, 'another')).toEqual({ kind: 'other-content' });
    });

    it('tells the requests of different keys apart', async () => {
      await begin();
      const other = { id: 'key_2:idem', content: 'x', now: now as Instant, staleMs: STALE_MS };
      expect(await store.begin(other)).toEqual({ kind: 'mine' });
    });

    it('lets one of twenty twins run', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => begin()));
      expect(answers.filter(({ kind }) => kind === 'mine')).toHaveLength(1);
      expect(answers.filter(({ kind }) => kind === 'running')).toHaveLength(19);
    });

    it('lets one of twenty take up what a crash left half-done', async () => {
      await begin();
      expect(await begin(STALE_MS)).toEqual({ kind: 'running' });
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => begin(STALE_MS + 1 + n)),
      );
      expect(answers.filter(({ kind }) => kind === 'mine')).toHaveLength(1);
      expect(answers.filter(({ kind }) => kind === 'running')).toHaveLength(19);
    });

    it('keeps the first answer, should a slow twin bring a second', async () => {
      await begin();
      await store.finish('key_1:idem', ANSWER);
      await store.finish('key_1:idem', { status: 500, body: 'late' });
      expect(await begin()).toEqual({ kind: 'answered', ...ANSWER });
    });

    it('forgets a request that came to nothing, but never an answer', async () => {
      await begin();
      await store.drop('key_1:idem');
      expect(await begin(0, 'another')).toEqual({ kind: 'mine' });
      await store.finish('key_1:idem', ANSWER);
      await store.drop('key_1:idem');
      expect(await begin(0, 'another')).toEqual({ kind: 'answered', ...ANSWER });
    });

    it('keeps no answer to a request that nobody made', async () => {
      await store.finish('key_1:idem', ANSWER);
      expect(await begin()).toEqual({ kind: 'mine' });
    });
  });
}
