/**
 * The admin API behind one express router: who calls, what for, within which limits; holds no
 * rule.
 */
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { hasRole } from '../../domain/access';
import type { AccessKey } from '../../domain/access';
import type { Clock } from '../../flows/ports/clock';
import type { Log } from '../../flows/ports/log-port';
import { sendProblem, type Problem } from '../problem';
import type { AdminFlows } from './admin-flows';
import { authenticate } from './authenticate';
import { idempotencyProblem, performChange, performRead } from './perform';
import { problemOf } from './problem-of';
import { createReadGate, type ReadGate } from './read-gate';
import type { AdminRoute } from './route';
import { ADMIN_ROUTES } from './routes';
import { createWrongKeys, type WrongKeys } from './wrong-keys';

export interface AdminDeps {
  readonly flows: AdminFlows;
  readonly log: Log;
  readonly clock: Pick<Clock, 'after'>;
}

/** An import or a comment fits many times over. */
const MOST_BODY_BYTES = 64 * 1024;
const JSON_TYPES = ['application/json', 'application/*+json'];

/** Mount it at `/api/admin/v1`. It answers every path below its mount, unknown ones too. */
export function createAdminRouter({ flows, log, clock }: AdminDeps): Router {
  const router = express.Router({ caseSensitive: true });
  const callers = new WeakMap<Request, AccessKey>();
  router.use(identify({ flows, callers, wrongKeys: createWrongKeys() }));
  const body = express.json({ limit: MOST_BODY_BYTES, type: JSON_TYPES, inflate: false });
  const serveBy = { flows, callers, reads: createReadGate(clock) };
  for (const route of ADMIN_ROUTES) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const steps = route.method === 'get' ? [] : [body];
    router[route.method](path, allow(route, callers), ...steps, serve(route, serveBy));
  }
  for (const [path, methods] of methodsByPath()) router.all(path, refuseMethod(methods));
  router.use((_req, res) => sendProblem(res, { kind: 'not-found', text: 'No such path.' }));
  router.use(onError(log));
  return router;
}

type Handler = (req: Request, res: Response, next: NextFunction) => void | Promise<void>;

function identify(deps: {
  readonly flows: AdminFlows;
  readonly callers: WeakMap<Request, AccessKey>;
  readonly wrongKeys: WrongKeys;
}): Handler {
  return async (req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    const caller = await authenticate(deps, req);
    if (caller.kind !== 'known') return sendProblem(res, caller);
    deps.callers.set(req, caller.key);
    next();
  };
}

/** What can be refused before a body is read. */
function allow(route: AdminRoute, callers: WeakMap<Request, AccessKey>): Handler {
  return (req, res, next) => {
    const problem = refusalBeforeBody(route, req, callers.get(req));
    if (problem === null) next();
    else sendProblem(res, problem);
  };
}

function refusalBeforeBody(
  route: AdminRoute,
  req: Request,
  key: AccessKey | undefined,
): Problem | null {
  if (key === undefined) return { kind: 'unauthorized' };
  if (!hasRole(key.role, route.role)) {
    return { kind: 'forbidden', text: `This needs a key with the role ${route.role}.` };
  }
  if (!route.params.safeParse(req.params).success) return { kind: 'not-found' };
  if (route.method === 'get') return null;
  if (req.is(JSON_TYPES) === false) return { kind: 'media-type' };
  return idempotencyProblem(req);
}

interface ServeBy {
  readonly flows: AdminFlows;
  readonly callers: WeakMap<Request, AccessKey>;
  readonly reads: ReadGate;
}

function serve(route: AdminRoute, { flows, callers, reads }: ServeBy): Handler {
  return async (req, res) => {
    const key = callers.get(req)!;
    const raw = { params: req.params, query: req.query, body: (req.body as unknown) ?? {} };
    const prepared = route.prepare(raw);
    if (prepared.kind !== 'prepared') return sendProblem(res, prepared);
    const call = { route, prepared, key, req, res };
    if (route.method === 'get') await reads.run(key.id, () => performRead(flows, call));
    else await performChange(flows, call);
  };
}

function methodsByPath(): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const route of ADMIN_ROUTES) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    methods.set(path, [...(methods.get(path) ?? []), route.method.toUpperCase()]);
  }
  return methods;
}

function refuseMethod(methods: readonly string[]): Handler {
  return (_req, res) => {
    res.setHeader('Allow', methods.join(', '));
    sendProblem(res, { kind: 'method', text: `This path knows ${methods.join(' and ')}.` });
  };
}

/** Caught once for the whole door. */
function onError(log: Log) {
  return (error: unknown, req: Request, res: Response, next: NextFunction): void => {
    const problem = problemOf(error);
    if (problem.kind === 'internal') {
      log.error('admin call failed', { method: req.method, path: req.path, error });
    }
    if (res.headersSent) next(error);
    else sendProblem(res, problem);
  };
}
