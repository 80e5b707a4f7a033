/** The in-world door on a real socket over fakes, with what it stored, woke and logged. */
import { Agent } from 'node:http';
import request, { type Response } from 'supertest';
import type { Box } from '../../../src/domain/box';
import type { Rental } from '../../../src/domain/rental';
import { standingOf } from '../../../src/domain/standing';
import type { Log } from '../../../src/flows/ports/log-port';
import type { NonceStore } from '../../../src/flows/ports/upkeep-ports';
import {
  createCallBudget,
  createFailureBudget,
  createStrangerBudget,
} from '../../../src/http/inworld/call-budget';
import { createInworldDoor } from '../../../src/http/inworld/door';
import { bindInworldFlows, type InworldDeps } from '../../../src/http/inworld/inworld-flows';
import { systemMint } from '../../../src/http/inworld/mint';
import { createNonceMemory } from '../../../src/http/inworld/nonce-memory';
import { createApp } from '../../../src/http/server';
import { listen, type HttpServer } from '../../../src/http/listen';
import { createFakeBoxStore } from '../../support/fakes/box-store';
import { createFakeNonceStore } from '../../support/fakes/nonce-store';
import { createManualClock, type ManualClock } from '../../support/manual-clock';
import { Router } from 'express';
import { createMoneyFakes, type MoneyFakes } from './money-fakes';
import { BOX_ID, NOW, sampleBox, sampleRental } from './sample-estate';
import { signedCall, type CallOptions, type SignedCall } from './signed-call';

export interface DoorWorld extends MoneyFakes {
  readonly server: HttpServer;
  readonly url: string;
  readonly clock: ManualClock;
  readonly boxes: InworldDeps['boxes'] & ReturnType<typeof createFakeBoxStore>;
  readonly nonces: NonceStore;
  readonly woken: { readonly settle: string[]; readonly resync: string[]; readonly seen: Seen[] };
  readonly logged: Fact[];
  /** Signs and sends; `headers` replace what was signed. */
  call(options?: CallOptions, headers?: Record<string, string | undefined>): Promise<Response>;
  send(call: SignedCall): Promise<Response>;
  box(): Promise<Box>;
  close(): Promise<void>;
}

export interface Seen {
  readonly id: string;
  readonly at: number;
  readonly outbox: number | null;
}
export interface Fact {
  readonly level: keyof Log;
  readonly fact: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

export interface WorldOptions {
  readonly box?: Partial<Box>;
  readonly rental?: Rental;
  readonly budget?: { readonly most: number; readonly windowS: number };
  readonly failures?: { readonly most: number; readonly windowS: number };
  /** Put in place of what the fakes do. */
  readonly change?: (deps: InworldDeps) => Partial<InworldDeps>;
}

export async function createDoorWorld(options: WorldOptions = {}): Promise<DoorWorld> {
  const clock = createManualClock(NOW);
  const rental = options.rental ?? sampleRental();
  const money = await createMoneyFakes(rental);
  const boxes = createFakeBoxStore(() => rental.region);
  await boxes.save([sampleBox(options.box)]);
  const woken = { settle: [] as string[], resync: [] as string[], seen: [] as Seen[] };
  const logged: Fact[] = [];
  const log = recordingLog(logged);
  const nonces: NonceStore & InworldDeps['nonces'] = {
    ...createFakeNonceStore(),
    ...createNonceMemory(),
  };
  const rules = { zone: ZONE, graceHours: 72, dueDays: 3, incidents: [] };
  const deps: InworldDeps = {
    ...money,
    ...{ boxes, nonces, clock, log, mint: systemMint },
    budget: createCallBudget(options.budget ?? { most: 100_000, windowS: 20 }),
    strangers: createStrangerBudget(),
    settings: { gridShard: 'Production', breakOwner: 'estate' },
    wake: {
      settle: ({ reportIds = [] }) => void woken.settle.push(...reportIds),
      resync: (ids) => void woken.resync.push(...ids),
      seen: (seen) => void woken.seen.push(seen),
    },
    readStanding: async (one) => standingOf(one, clock.now(), rules),
  };
  const app = appOf({ ...deps, ...options.change?.(deps) }, clock, options.failures);
  const server = await listen({ app, host: '127.0.0.1', port: 0, clock, log });
  const url = `http://127.0.0.1:${server.port}`;
  const agent = new Agent({ keepAlive: true });
  const send = (call: SignedCall): Promise<Response> => sendTo({ url, agent }, call);
  return {
    ...money,
    ...{ server, url, clock, boxes, nonces, woken, logged, send },
    call: (call, headers) => send(bent(signedCall(call), headers)),
    box: async () => (await boxes.one(BOX_ID))!,
    async close() {
      agent.destroy();
      await server.close(1_000);
    },
  };
}

function appOf(deps: InworldDeps, clock: ManualClock, failures = { most: 1_000_000, windowS: 60 }) {
  const { log } = deps;
  return createApp({
    inworld: createInworldDoor({
      flows: bindInworldFlows(deps),
      ...{ zone: ZONE, clock, log },
      failures: createFailureBudget(failures),
      measure: () => () => undefined,
    }),
    admin: Router(),
    health: (_req, res) => void res.end(),
    readiness: (_req, res) => void res.end(),
    openapi: (_req, res) => void res.end(),
    ...{ trustedProxies: 0, clock, log },
  });
}

const ZONE = 'America/Los_Angeles';

function bent(call: SignedCall, headers: Record<string, string | undefined> = {}): SignedCall {
  const all = Object.entries({ ...call.headers, ...headers });
  const given = all.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...call, headers: Object.fromEntries(given) };
}

async function sendTo(
  { url, agent }: { readonly url: string; readonly agent: Agent },
  { method, path, headers, body }: SignedCall,
): Promise<Response> {
  const verb = method.toLowerCase() as 'post';
  const test = request(url)[verb](path).agent(agent).set(headers);
  return body.length === 0 ? test : test.serialize((bytes: unknown) => bytes as string).send(body);
}

function recordingLog(logged: Fact[]): Log {
  const at =
    (level: keyof Log) =>
    (fact: string, fields?: Readonly<Record<string, unknown>>): void =>
      void logged.push({ level, fact, fields });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
