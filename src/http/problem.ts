/**
 * Every refusal of the admin API as RFC 9457: status, type and title; with answers.ts the only
 * holder of HTTP numbers.
 */
import type { Response } from 'express';

/**
 * Closed list; flows name their refusals by the same words, so that a new one cannot go
 * unanswered.
 */
export type ProblemKind =
  | 'invalid'
  | 'unreadable'
  | 'no-idempotency-key'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'method'
  | 'conflict'
  | 'other-content'
  | 'running'
  | 'too-large'
  | 'media-type'
  | 'refused'
  | 'too-many-wrong-keys'
  | 'unavailable'
  | 'storage'
  | 'internal';

/** One place in what was sent; `path` is a JSON pointer (RFC 6901), empty for the whole. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** `text` is one sentence for a person; it never holds a secret or what another region keeps. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly text?: string;
  readonly errors?: readonly Fault[];
  readonly retryAfterS?: number;
}

interface ProblemAnswer {
  readonly status: number;
  readonly title: string;
}

/** Total, so that an outcome without an answer does not compile. */
export const PROBLEMS: Readonly<Record<ProblemKind, ProblemAnswer>> = {
  invalid: { status: 400, title: 'What was sent breaks the rules of this call' },
  unreadable: { status: 400, title: 'The body is not readable JSON' },
  'no-idempotency-key': { status: 400, title: 'This call needs an Idempotency-Key' },
  unauthorized: { status: 401, title: 'A valid key is needed' },
  forbidden: { status: 403, title: 'The role of this key does not reach so far' },
  'not-found': { status: 404, title: 'There is no such thing here' },
  method: { status: 405, title: 'This path does not know that method' },
  conflict: { status: 409, title: 'The present state does not allow this' },
  'other-content': { status: 409, title: 'This Idempotency-Key was used for something else' },
  running: { status: 409, title: 'The same request is still running' },
  'too-large': { status: 413, title: 'The body is too large' },
  'media-type': { status: 415, title: 'The body must be JSON in UTF-8' },
  refused: { status: 422, title: 'This is understood, and cannot be done' },
  'too-many-wrong-keys': { status: 429, title: 'Too many wrong keys came from this address' },
  unavailable: { status: 503, title: 'What this needs cannot be asked right now' },
  storage: { status: 503, title: 'The database cannot be asked right now' },
  internal: { status: 500, title: 'Something went wrong on our side' },
};

/** What a call that succeeded is answered with. */
export const SUCCESS_STATUS = { ok: 200, created: 201, accepted: 202 } as const;
export type Success = keyof typeof SUCCESS_STATUS;

/** Answers of the doors that are no API: health, metrics. */
export const PLAIN_STATUS = {
  ok: 200,
  unknown: 404,
  method: 405,
  failed: 500,
  unready: 503,
} as const;

export const PROBLEM_TYPE = 'application/problem+json';

/** A `type` is stable for ever: programs may switch on it. */
export const problemType = (kind: ProblemKind): string => `urn:tierbridge:problem:${kind}`;

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly Fault[];
}

export function problemBody(problem: Problem): ProblemBody {
  const { status, title } = PROBLEMS[problem.kind];
  return {
    type: problemType(problem.kind),
    title,
    status,
    ...(problem.text === undefined ? {} : { detail: problem.text }),
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
  };
}

export function sendProblem(res: Response, problem: Problem): void {
  if (problem.retryAfterS !== undefined) res.setHeader('Retry-After', String(problem.retryAfterS));
  if (problem.kind === 'unauthorized') res.setHeader('WWW-Authenticate', 'Bearer');
  sendProblemBody(res, problemBody(problem));
}

function sendProblemBody(res: Response, body: ProblemBody): void {
  res.status(body.status).type(PROBLEM_TYPE).send(JSON.stringify(body));
}
