/** Starts programs of the bench, each in a process of its own, and asks them; measures nothing. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { startFlags } from '../start-flags';
import type { Calls, Question, Reply } from './programs/serve-parent';

export type ProgramName =
  'service' | 'bare' | 'provider' | 'load' | 'inserts' | 'resync' | 'writes';

export interface Program<Known extends Calls> {
  /** @throws Error with what the program said, or that it has ended. */
  ask<Name extends keyof Known & string>(
    name: Name,
    input: Parameters<Known[Name]>[0],
  ): Promise<Awaited<ReturnType<Known[Name]>>>;
  /** Ends it in order, and after 15 s by force. */
  stop(): Promise<void>;
}

const STOPS_WITHIN_MS = 15_000;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** @param built where the compiled programs are; what they print goes to `<logs>/<name>.log`. */
export function startProgram<Known extends Calls>(
  name: ProgramName,
  at: { readonly built: string; readonly logs: string },
): Program<Known> {
  const printed = openSync(join(at.logs, `${name}.log`), 'a');
  const child = fork(join(at.built, 'scripts/bench/programs', `${name}.js`), [], {
    execArgv: [...startFlags()],
    stdio: ['ignore', printed, printed, 'ipc'],
  });
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  child.on('message', (reply: Reply) => {
    const caller = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('fault' in reply) caller?.reject(new Error(`The program "${name}" failed: ${reply.fault}`));
    else caller?.resolve(reply.answer);
  });
  const ended = once(child, 'exit').then(() => {
    const fault = new Error(`The program "${name}" has ended; see ${at.logs}/${name}.log.`);
    for (const { reject } of waiting.values()) reject(fault);
    waiting.clear();
  });
  return {
    ask(what, input) {
      const id = (asked += 1);
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
        const question: Question = { id, name: what, input };
        child.send(question, (error) => (error === null ? undefined : reject(error)));
      });
    },
    async stop() {
      if (child.connected) child.disconnect();
      const force = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN_MS);
      await ended;
      clearTimeout(force);
    },
  };
}
