/**
 * The HTTP app and its server: puts the doors in order, listens within bounds, closes in order;
 * answers no call itself.
 */
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
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
export function createApp(parts: AppParts): Express {
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
  app.use((_req: Request, res: Response) => sendOutcome(parts, res, { code: 'unknown' }));
  app.use(answerBroken(parts));
  return app;
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
