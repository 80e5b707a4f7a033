/**
 * Objects and people on the grid as a test speaks of them; each call is one command to the grid.
 */
import { z } from 'zod';
import type { GridProcess } from './grid-process';

const Prim = z.object({
  key: z.uuid(),
  text: z.string(),
  payPrice: z.int(),
  payQuick: z.array(z.int()),
});
const Seen = z.object({
  prims: z.array(Prim),
  /** Bytes of linkset data. */
  used: z.int(),
  pairs: z.record(z.string(), z.string()),
  /** Names of events for which the queue had no room. */
  lost: z.array(z.string()),
  scripts: z.array(
    z.object({
      name: z.string(),
      globals: z.record(z.string(), z.unknown()),
      urls: z.array(z.string()),
    }),
  ),
});
const Row = z.looseObject({ kind: z.string(), at: z.number() });
const Told = z.object({
  kind: z.string(),
  by: z.string(),
  to: z.string().default(''),
  text: z.string(),
  channel: z.int().default(0),
  buttons: z.array(z.string()).default([]),
});
const Call = z.object({
  at: z.number(),
  by: z.string(),
  path: z.string(),
  body: z.string(),
  sent: z.record(z.string(), z.string()),
  stopped: z.string().nullable(),
});
const Ledger = z.object({
  /** Unix seconds. */
  now: z.number(),
  /** Throttles that a script has run into. */
  broken: z.array(z.object({ limit: z.string(), at: z.number(), who: z.string() })),
  /** What scripts did that a simulator refuses, and handlers that failed. */
  faults: z.array(z.string()),
  received: z.record(z.string(), z.array(z.object({ from: z.string(), amount: z.int() }))),
  lost: z.array(z.string()),
  /** The most bytes of linkset data that any object has held. */
  mostUsed: z.int(),
});
const Paid = z.object({ paid: z.boolean(), why: z.string() });

export type Seen = z.output<typeof Seen>;
export type Told = z.output<typeof Told>;
export type CallSeen = z.output<typeof Call>;
export type Ledger = z.output<typeof Ledger>;

export interface Payment {
  readonly payer: string;
  readonly name: string;
  /** L$. */
  readonly amount: number;
  /** From a pay window that stood open before the buttons were hidden. */
  readonly anyway?: boolean;
  /** Which prim is clicked; 0, the root, where nothing is said. */
  readonly prim?: number;
}

export interface PrimPlan {
  readonly name: string;
  /** Chosen by the grid where none is named. */
  readonly key?: string;
  readonly scripts: readonly { readonly name: string; readonly source: string }[];
}

export type InWorld = ReturnType<typeof createInWorld>;

/** One object; what it does next it does when the grid runs. */
export interface Thing {
  /** Of its root prim; a new one at each rez. */
  readonly key: () => string;
  see(): Promise<Seen>;
  pay(payment: Payment): Promise<z.output<typeof Paid>>;
  touch(agent: string): Promise<unknown>;
  take(): Promise<unknown>;
  /** Out of the inventory, of `owner` where one is named. */
  rez(region: string, owner?: string): Promise<void>;
  copy(region: string): Promise<Thing>;
  give(owner: string): Promise<unknown>;
  reset(): Promise<unknown>;
  /** The agent that was asked for a permission answers. */
  answers(yes: 'yes' | 'no'): Promise<unknown>;
  /** As another script of the object sends it. */
  linkMessage(message: { num: number; text: string; key?: string }): Promise<unknown>;
  /** Writes linkset data past every script. */
  put(pairs: Readonly<Record<string, string>>, password?: string): Promise<unknown>;
  /** Calls one function of its first script; a key is given as `{key}`. */
  call(name: string, ...given: readonly unknown[]): Promise<unknown>;
}

export function createInWorld(grid: GridProcess) {
  const nothing = (name: string, fields: object = {}): Promise<unknown> =>
    grid.ask(z.unknown(), name, fields);
  const rows = async (kinds: readonly string[], since = 0) =>
    grid.ask(z.object({ next: z.int(), rows: z.array(Row) }), 'record', { kinds, since });
  return {
    async rez(owner: string, region: string, prims: readonly PrimPlan[]): Promise<Thing> {
      return thingOf(grid, await grid.ask(z.uuid(), 'build', { owner, region, prims }));
    },
    /** Lets so many seconds of grid time pass. */
    run: (seconds: number) => nothing('run', { seconds }),
    /** True when within `seconds` of grid time no object holds a pair whose key fits. */
    runUntilNone: (untilNone: string, seconds: number) =>
      grid.ask(z.boolean(), 'run', { seconds, untilNone }),
    restart: (region: string) => nothing('restart', { region }),
    /** An agent or object says something on a channel, in hearing of all. */
    say: (said: { key: string; name: string; channel: number; text: string }) =>
      nothing('chat', said),
    settings: (fields: {
      readonly hosts?: Readonly<Record<string, string>>;
      /** Real seconds for which time stands still while a call is on its way. */
      readonly patienceS?: number;
      /** What scripts have broken and lost so far is forgotten: it was looked at. */
      readonly forgive?: true;
      /** Agents who are in the region. */
      readonly here?: readonly string[];
    }) => nothing('settings', fields),
    ledger: () => grid.ask(Ledger, 'ledger'),
    compile: (source: string) => grid.ask(z.array(z.string()), 'compile', { source }),
    /** Where the record stands: what follows is newer. */
    mark: async (): Promise<number> => (await rows([])).next,
    rows,
    /** What was said, shown in dialogs and sent as messages, in order. */
    async told(since = 0): Promise<Told[]> {
      const kinds = ['told', 'message', 'dialog', 'text-box', 'chat'];
      return z.array(Told).parse((await rows(kinds, since)).rows);
    },
    async calls(since = 0): Promise<CallSeen[]> {
      return z.array(Call).parse((await rows(['call'], since)).rows);
    },
  };
}

function thingOf(grid: GridProcess, rootKey: string): Thing {
  let of = rootKey;
  const act = <Shape extends z.ZodType>(shape: Shape, deed: string, fields: object = {}) =>
    grid.ask(shape, 'act', { ...fields, of, deed });
  const done = (deed: string, fields: object = {}) => act(z.null(), deed, fields);
  return {
    key: () => of,
    see: () => grid.ask(Seen, 'see', { of }),
    pay: (payment) => act(Paid, 'pay', payment),
    touch: (agent) => done('touch', { agent }),
    take: () => done('take'),
    async rez(region, owner) {
      of = await act(z.uuid(), 'rez', { region, ...(owner === undefined ? {} : { owner }) });
    },
    copy: async (region) => thingOf(grid, await act(z.uuid(), 'copy', { region })),
    give: (owner) => done('give', { owner }),
    reset: () => done('reset'),
    answers: (yes) => done('grant', { yes: yes === 'yes' }),
    linkMessage: (message) => done('link-message', message),
    put: (pairs, password = '') => grid.ask(z.null(), 'put', { of, pairs, password }),
    call: (name, ...given) => grid.ask(z.unknown(), 'call', { of, function: name, given }),
  };
}
