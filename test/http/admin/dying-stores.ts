/** Stores that die at a chosen write, before or after it, as a killed process leaves them. */
import type { AdminFlowDeps } from '../../../src/compose/admin';
import { StorageUnavailable } from '../../../src/flows/ports/money-ports';

export interface Death {
  /** 1 = the first write; 0 = never. */
  at: number;
  when: 'before' | 'after';
  writes: number;
}

const STORES = [
  ...['reports', 'transactions', 'entries', 'tenancies', 'rentals', 'breaks', 'boxes'],
  ...['units', 'references', 'sweeps', 'audit', 'requests', 'keys'],
] as const satisfies readonly (keyof AdminFlowDeps)[] as readonly (keyof AdminFlowDeps)[];

const WRITES = new Set([
  ...['save', 'append', 'write', 'open', 'settle', 'begin', 'finish', 'drop', 'claim', 'refresh'],
  ...['noteClaims', 'keep', 'intake', 'progress', 'record'],
]);

export const neverDying = (): Death => ({ at: 0, when: 'before', writes: 0 });

/** Once dead, every write fails until `death` is set anew. */
export function dyingStores(ports: AdminFlowDeps, death: Death): Partial<AdminFlowDeps> {
  return Object.fromEntries(STORES.map((name) => [name, dying(ports[name] as object, death)]));
}

function dying<Store extends object>(store: Store, death: Death): Store {
  return new Proxy(store, {
    get(target, name, receiver): unknown {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function' || !WRITES.has(String(name))) return method;
      return async (...input: unknown[]): Promise<unknown> => {
        death.writes += 1;
        const isPast = death.at > 0 && death.writes > death.at;
        const isNow = death.writes === death.at;
        if (isPast || (isNow && death.when === 'before')) throw new StorageUnavailable('dead');
        const done: unknown = await Reflect.apply(method, target, input);
        if (isNow) throw new StorageUnavailable('dead');
        return done;
      };
    },
  });
}
