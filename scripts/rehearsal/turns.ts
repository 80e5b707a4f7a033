/**
 * Long runs side by side, a few at a time, begun by the first who asks; each is waited for alone.
 */

export interface Turns<Plan, End> {
  /** Settles when this plan's turn is over, as its run did. */
  of(plan: Plan): Promise<End>;
}

/**
 * They are played in order; a run that fails fails for whoever waits for it, and for nobody else.
 */
export function inTurns<Plan, End>(
  atOnce: number,
  plans: readonly Plan[],
  play: (plan: Plan) => Promise<End>,
): Turns<Plan, End> {
  const ends = new Map<Plan, PromiseWithSettlers<End>>(plans.map((plan) => [plan, withSettlers()]));
  let isBegun = false;
  const begin = (): void => {
    if (isBegun) return;
    isBegun = true;
    const waiting = [...ends];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [plan, end] = next;
        await play(plan).then(end.resolve, end.reject);
      }
    };
    for (let n = 0; n < atOnce; n += 1) void work();
  };
  return {
    of(plan) {
      begin();
      const end = ends.get(plan);
      if (end === undefined) throw new Error('This plan is none of those that are played.');
      return end.promise;
    },
  };
}

interface PromiseWithSettlers<End> {
  readonly promise: Promise<End>;
  readonly resolve: (end: End) => void;
  readonly reject: (error: unknown) => void;
}

function withSettlers<End>(): PromiseWithSettlers<End> {
  let settlers: Pick<PromiseWithSettlers<End>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<End>((resolve, reject) => (settlers = { resolve, reject }));
  // Whoever waits for it hears of a failure; until then nobody has missed it.
  promise.catch(() => undefined);
  return { promise, ...settlers! };
}
