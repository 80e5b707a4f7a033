/** One simulated process: it can be stopped, woken up and killed between any two of its steps. */
import type { Clock } from '../../src/flows/ports/clock';

export interface ProcessLife {
  /** Its timers stand still while it is stopped, and never run once it is dead. */
  readonly clock: Clock;
  /** As `kill -STOP`. */
  pause(): void;
  /** As `kill -CONT`: timers that fell due meanwhile run at once. */
  resume(): void;
  /** As `kill -9`. */
  kill(): void;
  isDead(): boolean;
  /**
   * A port as this process calls it: no call begins, and no answer arrives, while it is stopped or
   * dead.
   */
  guard<Port extends object>(port: Port): Port;
  /** Runs `what` at the `n`-th step from now (a call has two: before it is made, and after). */
  atStep(n: number, what: () => void): void;
  /** How many steps it has made. */
  steps(): number;
}

type State = 'runs' | 'stopped' | 'dead';

export function createProcessLife(base: Clock): ProcessLife {
  let state: State = 'runs';
  let steps = 0;
  let plan: { readonly at: number; readonly what: () => void } | null = null;
  let waiting: (() => void)[] = [];

  const whenAwake = (run: () => void): void => {
    if (state === 'runs') run();
    else if (state === 'stopped') waiting.push(run);
  };
  const turn = async (): Promise<void> => {
    steps += 1;
    if (plan !== null && steps >= plan.at) {
      const { what } = plan;
      plan = null;
      what();
    }
    await new Promise<void>((resolve) => whenAwake(resolve));
  };
  return {
    clock: clockOf(base, { whenAwake, isDead: () => state === 'dead' }),
    pause: () => void (state = state === 'dead' ? state : 'stopped'),
    resume() {
      if (state !== 'stopped') return;
      state = 'runs';
      const ready = waiting;
      waiting = [];
      for (const run of ready) whenAwake(run);
    },
    kill() {
      state = 'dead';
      waiting = [];
    },
    isDead: () => state === 'dead',
    guard: (port) => guarded(port, turn),
    atStep: (n, what) => void (plan = { at: steps + n, what }),
    steps: () => steps,
  };
}

function guarded<Port extends object>(port: Port, turn: () => Promise<void>): Port {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]): Promise<unknown> => {
        await turn();
        const answer: unknown = await Reflect.apply(value, target, given);
        await turn();
        return answer;
      };
    },
  });
}

function clockOf(
  base: Clock,
  { whenAwake, isDead }: { whenAwake(run: () => void): void; isDead(): boolean },
): Clock {
  return {
    now: () => base.now(),
    after(delayMs, run) {
      let isCancelled = false;
      const cancel = base.after(delayMs, () => whenAwake(() => void (isCancelled || run())));
      return () => {
        isCancelled = true;
        cancel();
      };
    },
    cron(input) {
      const task = base.cron({
        ...input,
        fire: (dueAt) => (isDead() ? task.stop() : whenAwake(() => input.fire(dueAt))),
      });
      return task;
    },
  };
}
