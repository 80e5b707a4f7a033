/**
 * Performs a prepared call: reads at once, changes under their Idempotency-Key; sends the answer.
 */
import type { Request, Response } from 'express';
import type { AccessKey } from '../../domain/access';
import type { Asking } from '../../flows/access/acting';
import type { KeptAnswer, OnceOutcome } from '../../flows/access/run-once';
import {
  PROBLEMS,
  problemBody,
  sendProblem,
  SUCCESS_STATUS,
  PROBLEM_TYPE,
  type Problem,
  type ProblemKind,
} from '../problem';
import type { AdminFlows } from './admin-flows';
import { requestContent } from './request-content';
import type { AdminRoute, Answer, Prepared, Reply } from './route';

/** Sixteen bytes of chance fit easily; control characters and blanks never do. */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

/** These came to nothing; the same request may be sent again under the same key. */
const CAME_TO_NOTHING: ReadonlySet<ProblemKind> = new Set(['unavailable', 'storage', 'internal']);

export interface Performance {
  readonly route: AdminRoute;
  readonly prepared: Prepared;
  readonly key: AccessKey;
  readonly req: Request;
  readonly res: Response;
}

export async function performRead(flows: AdminFlows, call: Performance): Promise<void> {
  const reply = await call.prepared.run(flows, asking(call.key, ''));
  if (reply.kind === 'answer') sendAnswer(call, reply);
  else sendProblem(call.res, reply);
}

export async function performChange(flows: AdminFlows, call: Performance): Promise<void> {
  const { req, res, key, route, prepared } = call;
  const id = `${key.id}:${String(req.headers['idempotency-key'])}`;
  const outcome = await flows.runOnce<Reply>({
    id,
    content: requestContent({ method: req.method, path: req.path, body: req.body }),
    run: async () => {
      const shown = await prepared.run(flows, asking(key, id));
      return { shown, keep: keptAnswer(route, shown) };
    },
  });
  sendOnce(call, outcome, res);
}

/** Null when the header is there and well formed. */
export function idempotencyProblem(req: Request): Problem | null {
  const key = req.headers['idempotency-key'];
  if (typeof key === 'string' && IDEMPOTENCY_KEY.test(key)) return null;
  return {
    kind: 'no-idempotency-key',
    text:
      'Send an Idempotency-Key of 1 to 200 visible ASCII characters, a new one for each change; ' +
      'send the same one again when you do not know whether a change came through.',
  };
}

function sendOnce(call: Performance, outcome: OnceOutcome<Reply>, res: Response): void {
  switch (outcome.kind) {
    case 'ran':
      if (outcome.shown.kind === 'answer') return sendAnswer(call, outcome.shown);
      return sendProblem(res, outcome.shown);
    case 'replayed':
      return sendKept(res, outcome.answer);
    case 'running':
      return sendProblem(res, {
        kind: 'running',
        text: 'Wait for its answer, or send it again a little later.',
        retryAfterS: outcome.retryAfterS,
      });
    case 'other-content':
      return sendProblem(res, {
        kind: 'other-content',
        text: 'Its method, path or body was another one then. Use a new key for a new change.',
      });
  }
}

function sendAnswer({ route, res }: Performance, { body, secret }: Answer): void {
  res.status(SUCCESS_STATUS[route.success]).json({ ...body, ...secret });
}

function sendKept(res: Response, { status, body }: KeptAnswer): void {
  const isProblem = !Object.values(SUCCESS_STATUS).some((one) => one === status);
  res
    .status(status)
    .type(isProblem ? PROBLEM_TYPE : 'json')
    .send(JSON.stringify(body));
}

/** The answer as a replay will show it: no secret is kept, or shown twice. */
function keptAnswer(route: AdminRoute, reply: Reply): KeptAnswer | null {
  if (reply.kind === 'answer') {
    const blank = Object.fromEntries(Object.keys(reply.secret ?? {}).map((name) => [name, null]));
    return { status: SUCCESS_STATUS[route.success], body: { ...reply.body, ...blank } };
  }
  if (CAME_TO_NOTHING.has(reply.kind)) return null;
  return { status: PROBLEMS[reply.kind].status, body: problemBody(reply) };
}

const asking = (key: AccessKey, requestId: string): Asking => ({
  requestId,
  author: key.name,
  regions: key.regions,
});
