/**
 * Puts a gate before every call of a store, and takes batches apart, row by row, as a disk would.
 */

export interface Step {
  /** Such as `entries.append`. */
  readonly call: string;
  readonly is: 'read' | 'write';
}

/** Whoever stands at the gate runs the step, puts it off, or lets the process die there. */
export type Gate = <Answer>(step: Step, run: () => Promise<Answer>) => Promise<Answer>;

export const openGate: Gate = (_step, run) => run();

/** Writes of the ports; all other calls read. */
const WRITES: ReadonlySet<string> = new Set([
  ...['save', 'append', 'intake', 'insertReturned', 'refresh', 'open', 'settle', 'claim'],
  ...['noteClaims', 'askResync', 'resyncDone', 'noteBoxClear', 'write'],
]);

/** Those that take a list of rows first: each row is a decision of its own. */
const ROW_BY_ROW: ReadonlySet<string> = new Set(['save', 'append', 'refresh', 'open', 'settle']);

/** The same stores behind a gate. */
export function behind<Stores extends object>(gate: Gate, stores: Stores): Stores {
  const gated = Object.entries(stores).map(([name, store]: [string, object]) => [
    name,
    gatedStore(gate, name, store),
  ]);
  return Object.fromEntries(gated) as Stores;
}

function gatedStore(gate: Gate, name: string, store: object): object {
  return new Proxy(store, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      const method = String(key);
      const is = WRITES.has(method) ? 'write' : 'read';
      const call = (args: readonly unknown[]): Promise<unknown> =>
        gate({ call: `${name}.${method}`, is }, async () => {
          const answer: unknown = await Reflect.apply(member, target, args);
          return answer;
        });
      return async (...args: readonly unknown[]): Promise<unknown> => {
        const [rows, ...more] = args;
        if (!ROW_BY_ROW.has(method) || !Array.isArray(rows) || rows.length < 2) return call(args);
        const answers: unknown[] = [];
        for (const row of rows as readonly unknown[]) answers.push(await call([[row], ...more]));
        return joined(answers);
      };
    },
  });
}

function joined(answers: readonly unknown[]): unknown {
  const [first] = answers;
  if (first instanceof Set) return new Set(answers.flatMap((one) => [...(one as Set<unknown>)]));
  if (Array.isArray(first)) return answers.flat();
  return undefined;
}

/** Thrown at everything that a process does after it died. */
export class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
}

export interface Life {
  readonly gate: Gate;
  /** Writes that were asked for so far. */
  writes(): number;
  isDead(): boolean;
}

/**
 * A process that dies at its `at`-th write (from 1; 0 = never): before it is done, or after it was
 * done and before anybody could know. Nothing that it does afterwards comes through.
 */
export function lifeUntil(at: number, how: 'before' | 'after'): Life {
  let writes = 0;
  let dead = false;
  const die = (step: Step): never => {
    dead = true;
    throw new ProcessDied(`The process died ${how} write ${at}, ${step.call}.`);
  };
  return {
    writes: () => writes,
    isDead: () => dead,
    async gate(step, run) {
      if (dead) throw new ProcessDied(`The process is dead: ${step.call}.`);
      if (step.is === 'read') return run();
      writes += 1;
      if (writes !== at) return run();
      if (how === 'before') return die(step);
      await run();
      return die(step);
    },
  };
}
