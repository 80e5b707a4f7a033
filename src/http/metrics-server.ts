/** Serves the metrics as Prometheus text on a listener of its own; it counts nothing itself. */
import type { RequestListener } from 'node:http';
import type { Registry } from 'prom-client';
import type { Clock } from '../flows/ports/clock';
import type { Log } from '../flows/ports/log-port';
import { listen, type HttpServer } from './listen';
import { PLAIN_STATUS } from './problem';

export interface MetricsServerInput {
  readonly registry: Registry;
  readonly host: string;
  /** 0 = chosen by the system; the answer says which. */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** @throws what the system says when it cannot listen there. */
export async function startMetricsServer(input: MetricsServerInput): Promise<HttpServer> {
  const { host, port, clock, log } = input;
  return listen({ app: metricsListener(input), host, port, clock, log });
}

function metricsListener({ registry, log }: MetricsServerInput): RequestListener {
  return (req, res) => {
    const path = (req.url ?? '').split('?')[0];
    if (path !== '/metrics') {
      res.writeHead(PLAIN_STATUS.unknown, TEXT).end('Only /metrics is here.\n');
    } else if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.writeHead(PLAIN_STATUS.method, { ...TEXT, Allow: 'GET, HEAD' }).end();
    } else {
      registry.metrics().then(
        (text) =>
          res.writeHead(PLAIN_STATUS.ok, { 'Content-Type': registry.contentType }).end(text),
        (error: unknown) => {
          log.error('metrics could not be written', { error });
          res.writeHead(PLAIN_STATUS.failed, TEXT).end('The metrics could not be written.\n');
        },
      );
    }
  };
}

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' };
