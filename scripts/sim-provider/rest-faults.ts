/** What goes wrong between a caller and `/v1`: delays, errors, cut connections. */
import type { RequestHandler, Response } from 'express';
import { answerRefusal, loseAnswer } from './answers';
import type { FaultBoard } from './faults';
import { roll } from './random';
import type { SimClock } from './real-clock';
import { Refusal } from './refusal';

const RETRY_AFTER_S = 1;

export interface RestFaults {
  readonly handler: RequestHandler;
  /** Ends all delays; their calls are never answered. */
  stop(): void;
}

export function restFaults(deps: {
  readonly faults: FaultBoard;
  readonly clock: SimClock;
  readonly seed: () => number;
}): RestFaults {
  const { faults, clock } = deps;
  let calls = 0;
  const delays = new Set<() => void>();

  const pass = (response: Response, next: () => void): void => {
    calls += 1;
    const chance = (of: string): number => roll(deps.seed(), of, faults.turn, calls);
    if (chance('rest-error') >= faults.now.restErrorRate) return next();
    const kind = chance('rest-error-kind');
    if (kind < 0.6) return answerRefusal(response, new Refusal(503, 'Try again later.'));
    if (kind < 0.8) return answerTooMany(response);
    if (kind < 0.9) return void response.socket?.destroy();
    loseAnswer(response);
    next();
  };

  return {
    handler(_request, response, next) {
      const delayMs = faults.now.restDelayMs;
      if (delayMs === 0) return pass(response, next);
      const cancel = clock.after(delayMs, () => {
        delays.delete(cancel);
        pass(response, next);
      });
      delays.add(cancel);
    },
    stop() {
      for (const cancel of delays) cancel();
      delays.clear();
    },
  };
}

function answerTooMany(response: Response): void {
  response.set('Retry-After', String(RETRY_AFTER_S));
  answerRefusal(response, new Refusal(429, `Try again in ${RETRY_AFTER_S} s.`));
}
