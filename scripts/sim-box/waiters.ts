/** Promises that settle when something has come about; each is settled once. */

export interface Waiters<Value> {
  wait(): Promise<Value>;
  settle(value: Value): void;
}

export function createWaiters<Value>(): Waiters<Value> {
  let waiting: ((value: Value) => void)[] = [];
  return {
    wait: () => new Promise((resolve) => waiting.push(resolve)),
    settle(value) {
      const settled = waiting;
      waiting = [];
      for (const resolve of settled) resolve(value);
    },
  };
}
