/** How the simulator answers over HTTP: JSON, problems, and answers that never arrive. */
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { ZodError } from 'zod';
import { Refusal } from './refusal';

/** Calls that are carried out, and whose answer is lost on the way. */
const doomed = new WeakSet<Response>();

export function loseAnswer(response: Response): void {
  doomed.add(response);
}

export function answer(response: Response, status: number, body: object): void {
  if (doomed.has(response)) response.socket?.destroy();
  else response.status(status).json(body);
}

export function answerRefusal(response: Response, refusal: Refusal): void {
  response.type('application/problem+json');
  answer(response, refusal.status, refusal.toProblem());
}

export const unknownPath: RequestHandler = () => {
  throw new Refusal(404, 'There is nothing at this path.');
};

/** For a path that exists: the methods that it has. */
export const onlyMethod =
  (allowed: string): RequestHandler =>
  (_request, response) => {
    response.set('Allow', allowed);
    throw new Refusal(405, `Only ${allowed} works here.`);
  };

/**
 * Last in line: every error as a problem. What is neither refused nor malformed is a bug, and is
 * shown.
 */
export const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error);
  const refusal = asRefusal(error);
  if (refusal.status === 500) console.error(error);
  answerRefusal(response, refusal);
};

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof ZodError) {
    const faults = error.issues.map(({ path, message }) => ({ path: pointer(path), message }));
    return new Refusal(400, 'The request breaks the schema.', faults);
  }
  // body-parser and the router mark what the caller did wrong with a 4xx status.
  const status = typeof error === 'object' && error !== null && 'status' in error && error.status;
  if (status === 413) return new Refusal(413, 'The body is too large.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Refusal(400, 'The request could not be read.');
  }
  return new Refusal(500, 'The simulator has failed; its log says why.');
}

const pointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
