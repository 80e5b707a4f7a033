/** Sends prepared box calls over many connections at once, and says how fast they were answered. */
import { connect, type Socket } from 'node:net';
import { quantile } from '../figure';
import { signedRequests, type RequestsInput } from '../signed-requests';
import { serveParent } from './serve-parent';

export interface SliceInput extends RequestsInput {
  readonly port: number;
  readonly connections: number;
}

export interface Slice {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export type LoadCalls = { readonly slice: (input: SliceInput) => Promise<Slice> };

serveParent({ slice } satisfies LoadCalls);

/**
 * Requests are signed before the clock starts, so that the load costs both sides the same little.
 */
async function slice(input: SliceInput): Promise<Slice> {
  const requests = signedRequests(input);
  const sockets = await Promise.all(
    Array.from({ length: input.connections }, () => dial(input.port)),
  );
  const waiting = requests.values();
  const tookMs: number[] = [];
  const began = performance.now();
  await Promise.all(
    sockets.map(async (socket) => {
      const caller = new Caller(socket);
      for (const request of waiting) {
        const sentAt = performance.now();
        expectGood(await caller.call(request));
        tookMs.push(performance.now() - sentAt);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  for (const socket of sockets) socket.destroy();
  return {
    perSecond: requests.length / seconds,
    p50Ms: quantile(tookMs, 0.5),
    p99Ms: quantile(tookMs, 0.99),
  };
}

function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket));
  });
}

const HEADERS_END = '\r\n\r\n';

/** One call at a time on one connection; as little of HTTP as the two servers speak. */
class Caller {
  #heard = '';
  #resolve: (answer: string) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => this.#hear(chunk.toString('latin1')));
    socket.on('error', (error) => this.#reject(error));
    socket.on('close', () => this.#reject(new Error('The server closed the connection.')));
  }

  call(request: Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.socket.write(request);
    });
  }

  #hear(text: string): void {
    this.#heard += text;
    const end = this.#heard.indexOf(HEADERS_END);
    if (end < 0) return;
    const length = /\r\ncontent-length: (\d+)\r\n/i.exec(this.#heard.slice(0, end + 2))?.[1];
    if (length === undefined) return this.#reject(new Error(`No length: ${this.#heard}`));
    if (this.#heard.length < end + HEADERS_END.length + Number(length)) return;
    const answer = this.#heard;
    this.#heard = '';
    this.#resolve(answer);
  }
}

/** A refused call would be a fast one. */
function expectGood(answer: string): void {
  const isGood = answer.startsWith('HTTP/1.1 200 ') && answer.includes('"ok":1');
  if (!isGood) throw new Error(`Answered: ${answer.slice(0, 1000)}`);
}
