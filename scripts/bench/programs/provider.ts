/** The real provider simulator in a process of its own, with a way to rehearse in bulk. */
import { WebSocket } from 'ws';
import { z } from 'zod';
import { startSimProvider, type SimProvider } from '../../sim-provider/server';
import type { UnitInput } from '../../sim-provider/bodies';
import { serveParent } from './serve-parent';

export interface ProviderInput {
  readonly token: string;
  /** Made up from the simulator's seed; nine in ten let. */
  readonly units: number;
  readonly processingMs: number;
}

export interface SimPayment {
  readonly unit: string;
  readonly payer: { readonly key: string; readonly name: string };
  readonly amount: number;
  readonly txId: string;
}

export type ProviderCalls = {
  readonly start: (input: ProviderInput) => Promise<{ readonly url: string }>;
  readonly addUnits: (units: readonly UnitInput[]) => Promise<void>;
  readonly pay: (payments: readonly SimPayment[]) => Promise<void>;
  /** Pays, and answers when the `completed` frame is handed to the socket, in ms since 1970. */
  readonly payToEnd: (payment: SimPayment) => Promise<number>;
  readonly stall: (input: null) => Promise<void>;
  readonly drain: (input: null) => Promise<void>;
};

const SEED = 7;
const HEARTBEAT_MS = 1_000;
const KEPT_EVENTS = 1_000_000;

let provider: SimProvider | null = null;

serveParent(
  {
    start,
    addUnits: async (units) => units.forEach((unit) => control().addUnit(unit)),
    pay: async (payments) => payments.forEach((payment) => control().pay(payment)),
    payToEnd,
    stall: async () => control().setFaults({ stall: true }),
    drain: async () => control().setFaults({ drain: true }),
  } satisfies ProviderCalls,
  async () => provider?.close(),
);

async function start({ token, units, processingMs }: ProviderInput) {
  provider = await startSimProvider({
    ...{ host: '127.0.0.1', port: 0, token, seed: SEED, units, processingMs },
    ...{ heartbeatMs: HEARTBEAT_MS, keepEvents: KEPT_EVENTS },
  });
  return { url: provider.url };
}

const frameSchema = z.object({
  type: z.string().optional(),
  data: z.object({ id: z.string(), state: z.string() }).optional().catch(undefined),
});

function payToEnd(payment: SimPayment): Promise<number> {
  control().pay(payment);
  return new Promise((resolve) => awaited.set(payment.txId, resolve));
}

/** Told when the `completed` frame of a transaction goes out. */
const awaited = new Map<string, (atMs: number) => void>();
const { send } = WebSocket.prototype;
Object.assign(WebSocket.prototype, {
  send(this: WebSocket, ...args: readonly unknown[]) {
    if (awaited.size > 0) tell(String(args[0]), performance.timeOrigin + performance.now());
    Reflect.apply(send, this, args);
  },
});

function tell(text: string, atMs: number): void {
  const { type, data } = frameSchema.parse(JSON.parse(text));
  if (type !== 'transaction' || data?.state !== 'completed') return;
  awaited.get(data.id)?.(atMs);
  awaited.delete(data.id);
}

function control(): SimProvider['control'] {
  if (provider === null) throw new Error('The provider has not been started.');
  return provider.control;
}
