/** How the names in boxes' addresses are found, and that a dead name server holds up nobody. */
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import {
  createSystemSearches,
  searchPublic,
  type NameSearch,
} from '../../../src/http/hints/hint-names';
import { until } from '../../../scripts/rehearsal/until';
import { startNameServer, type NameServer } from './name-server';

let server: NameServer;

beforeEach(async () => {
  server = await startNameServer({
    'region.example': [
      [192, 168, 1, 7],
      [93, 184, 216, 34],
      [10, 1, 2, 3],
      [1, 1, 1, 1],
    ],
    'inside.example': [[10, 1, 2, 3]],
    'nobody.example': [],
  });
});

afterEach(() => server.close());

const newResolver = () => server.newResolver();

type Found = string | LookupAddress[];

function find({ lookup }: NameSearch, host: string, options: object): Promise<Found> {
  return new Promise((resolve, reject) => {
    lookup(host, options, (error, found) => (error === null ? resolve(found) : reject(error)));
  });
}

describe('a search for a public address', () => {
  it('gives what is public of what the name server says', async () => {
    const found = await find(searchPublic(newResolver), 'region.example', { all: true });
    expect(found).toEqual([
      { address: '93.184.216.34', family: 4 },
      { address: '1.1.1.1', family: 4 },
    ]);
    expect(await find(searchPublic(newResolver), 'region.example', {})).toBe('93.184.216.34');
  });

  it.each([
    ['inside.example', { name: 'AddressRefused' }],
    ['nobody.example', { code: 'ENODATA' }],
  ])('finds nothing for %s', async (host, fault) => {
    const found = find(searchPublic(newResolver), host, { all: true });
    await expect(found).rejects.toMatchObject(fault);
  });

  it.each(['localhost', 'LOCALHOST.', 'a.localhost'])('asks nobody about %s', async (host) => {
    const found = find(searchPublic(newResolver), host, { all: true });
    await expect(found).rejects.toMatchObject({ name: 'AddressRefused' });
    expect(server.asked).toEqual([]);
  });

  it('ends when it is cancelled, however long the name server is mute', async () => {
    const search = searchPublic(newResolver);
    const found = find(search, 'mute.example', { all: true });
    await until('both families are asked for', () => server.asked.length === 2);
    search.cancel();
    await expect(found).rejects.toMatchObject({ code: 'ECANCELLED' });
    search.cancel();
  });
});

describe('a search by the system', () => {
  /** Finds a name when it is told to. */
  function slowSystem() {
    const underWay = new Map<string, () => void>();
    const look: LookupFunction = (host, _options, answer) => {
      underWay.set(host, () => {
        underWay.delete(host);
        answer(null, '10.0.0.1', 4);
      });
    };
    return { look, underWay, names: () => [...underWay.keys()] };
  }

  it('waits until the one before it is over', async () => {
    const { look, underWay, names } = slowSystem();
    const search = createSystemSearches(look);
    const found = ['one', 'two', 'three'].map((host) => find(search(), host, {}));
    for (const host of ['one', 'two', 'three']) {
      expect(names()).toEqual([host]);
      underWay.get(host)?.();
    }
    expect(await Promise.all(found)).toEqual(['10.0.0.1', '10.0.0.1', '10.0.0.1']);
    void find(search(), 'four', {});
    expect(names()).toEqual(['four']);
  });

  it('is not made at all when it is cancelled before its turn', () => {
    const { look, underWay, names } = slowSystem();
    const search = createSystemSearches(look);
    const [one, two, three] = [search(), search(), search()];
    void find(one, 'one', {});
    void find(two, 'two', {});
    void find(three, 'three', {});
    two.cancel();
    one.cancel();
    expect(names()).toEqual(['one']);
    underWay.get('one')?.();
    expect(names()).toEqual(['three']);
  });

  it('finds the names of this machine', async () => {
    const found = await find(createSystemSearches()(), 'localhost', { all: true });
    expect(found).toContainEqual(
      expect.objectContaining({ address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) }),
    );
  });
});
