/**
 * The HTTP app and its server: puts the doors in order, listens within bounds, closes in order;
 * answers no call itself.
 */
import type { RequestListener } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import type { RequestHandler, Router } from 'express';
import type { Clock } from '../flows/ports/clock';
import type { Log } from '../flows/ports/log-port';
import { sendOutcome } from './inworld/door';

export interface AppParts {
  /** Takes `/api/inworld` and passes on the rest. */
  readonly inworld: RequestHandler;
  /** Mounted at `/api/admin/v1`; answers its own unknown paths and errors. */
  readonly admin: Router;
  readonly health: RequestHandler;
  readonly readiness: RequestHandler;
  readonly openapi: RequestHandler;
  /** How many proxies stand in front; 0 = none, and forwarded addresses are not believed. */
  readonly trustedProxies: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/**
 * Boxes come first, before what only browsers need. Whatever no door takes, and whatever breaks
 * outside the admin API, is answered in the shape that a box can read.
 */
export function createApp(parts: AppParts): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  // As its doors are: a rule of a proxy for a path holds for every way to write it.
  app.enable('case sensitive routing');
  app.set('query parser', 'simple');
  app.set('trust proxy', parts.trustedProxies);
  app.use(parts.inworld);
  app.use(helmet());
  app.get('/healthz', parts.health);
  app.get('/readyz', parts.readiness);
  app.get('/openapi.json', parts.openapi);
  app.use('/api/admin/v1', parts.admin);
  const answerRest = (_req: Request, res: Response): void =>
    sendOutcome(parts, res, { code: 'unknown' });
  app.use(answerRest);
  app.use(answerBroken(parts));
  // A target that is no address at all passes by every handler.
  return (req, res) => {
    const [asked, answer] = [req as Request, res as Response];
    app(asked, answer, () => answerRest(asked, answer));
  };
}

/** Express knows a handler of errors by its four arguments. */
function answerBroken(parts: Pick<AppParts, 'clock' | 'log'>) {
  return (error: unknown, req: Request, res: Response, _next: NextFunction): void => {
    const isTheirs = error instanceof URIError;
    if (!isTheirs) parts.log.error('request broke', { method: req.method, error });
    sendOutcome(parts, res, { code: isTheirs ? 'malformed' : 'storage' });
    if (!res.writableEnded) res.destroy();
  };
}
