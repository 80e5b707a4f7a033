/**
 * Starts the provider simulator on a port and stops it; everything that it does is in its
 * neighbours.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { answerError, unknownPath } from './answers';
import { controlRoutes } from './control';
import { EventLog } from './event-log';
import { FaultBoard } from './faults';
import { realClock, type SimClock } from './real-clock';
import { restFaults } from './rest-faults';
import { restRoutes } from './rest';
import { Simulator, type SimControl } from './simulator';
import { Stream } from './stream';

export interface SimProviderOptions {
  readonly host: string;
  /** 0: chosen by the system. */
  readonly port: number;
  /** What `/v1` asks for as a bearer token. */
  readonly token: string;
  /** A whole number; the same seed gives the same units and the same chances. */
  readonly seed: number;
  readonly heartbeatMs: number;
  /** How many units it begins with, made up from the seed. Default 0. */
  readonly units?: number;
  /** Default: the machine's. Every now and every timer of the provider goes through it. */
  readonly clock?: SimClock;
  /** From a payment to its completion when nothing is wrong. Default 20. */
  readonly processingMs?: number;
  /** How many events are kept for replays and slow readers. Default 200,000. */
  readonly keepEvents?: number;
  /** Whose calendar months count. Default America/Los_Angeles. */
  readonly timeZone?: string;
}

export interface SimProvider {
  readonly url: string;
  readonly port: number;
  readonly control: SimControl;
  /** Says `bye`, closes with 1012, and frees the port; sockets that do not answer are cut. */
  close(): Promise<void>;
}

const KEEP_EVENTS = 200_000;
const PROCESSING_MS = 20;
/**
 * On the machine's clock, whatever clock the provider runs on: it is the sockets that are waited
 * for.
 */
const CLOSING_MS = 300;

/** @throws when the port cannot be had. */
export async function startSimProvider(options: SimProviderOptions): Promise<SimProvider> {
  const { host, token, seed, heartbeatMs, clock = realClock } = options;
  const faults = new FaultBoard();
  const seedNow = (): number => simulator.world.seed;
  const log = new EventLog({
    ...{ seed: seedNow, faults, startedAt: clock.now() },
    keepEvents: options.keepEvents ?? KEEP_EVENTS,
  });
  const now = () => simulator.world.book.now();
  const streamDeps = { log, faults, clock, now, seed: seedNow, heartbeatMs, token };
  const stream: Stream = new Stream(streamDeps);
  const simulator: Simulator = new Simulator({
    ...{ clock, seed, faults, log, listeners: stream },
    units: options.units ?? 0,
    timeZone: options.timeZone ?? 'America/Los_Angeles',
    processingMs: options.processingMs ?? PROCESSING_MS,
  });
  const rest = restFaults({ faults, clock, seed: seedNow });
  const app = express().disable('x-powered-by').disable('etag');
  app.use('/sim', controlRoutes(simulator));
  app.use('/v1', rest.handler, restRoutes(simulator, token));
  app.use(unknownPath);
  app.use(answerError);
  const server = createServer(app);
  server.on('upgrade', (request, socket, head) => stream.upgrade(request, socket, head));
  const stop = (): void => {
    stream.close();
    rest.stop();
    simulator.close();
  };
  const port = await listen(server, { host, port: options.port }).catch((error: unknown) => {
    stop();
    throw error;
  });
  return {
    ...{
      port,
      control: simulator,
      url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    },
    close: () => close(server, stream, stop),
  };
}

function listen(server: Server, at: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server, stream: Stream, stop: () => void): Promise<void> {
  if (!server.listening) return Promise.resolve();
  stop();
  return new Promise((resolve) => {
    const cancel = realClock.after(CLOSING_MS, () => {
      stream.terminate();
      server.closeAllConnections();
    });
    server.close(() => {
      cancel();
      stream.terminate();
      resolve();
    });
    server.closeIdleConnections();
  });
}
