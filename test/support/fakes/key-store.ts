/** Access keys in memory, as the contract of KeyStore says. */
import type { AccessKey } from '../../../src/domain/access';
import type { KeyStore } from '../../../src/flows/ports/upkeep-ports';
import { binary, pageOf } from './page-of';

export function createFakeKeyStore(): KeyStore {
  const keys = new Map<string, AccessKey>();
  const makers = new Map<string, string>();
  const newestFirst = (): AccessKey[] =>
    structuredClone([...keys.values()]).sort(
      (a, b) => b.createdAt - a.createdAt || binary(b.id, a.id),
    );

  return {
    async byHash(hash) {
      const found = newestFirst().filter((key) => key.hash === hash);
      return found.find(({ revokedAt }) => revokedAt !== null) ?? found[0] ?? null;
    },
    get: async (id) => structuredClone(keys.get(id)) ?? null,
    async create(key, madeBy) {
      const known = keys.get(key.id);
      const isOwn = makers.get(key.id) === madeBy && known?.revokedAt === null;
      if (known !== undefined && !isOwn) return false;
      keys.set(key.id, structuredClone({ ...(known ?? key), hash: key.hash }));
      makers.set(key.id, madeBy);
      return true;
    },
    async save(key) {
      const revokedAt = keys.get(key.id)?.revokedAt ?? key.revokedAt;
      keys.set(key.id, structuredClone({ ...key, revokedAt }));
    },
    list: async (query) => pageOf(newestFirst(), query, ({ id }) => id),
    count: async () => keys.size,
  };
}
