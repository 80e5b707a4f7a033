/** A name server that knows the names that it is given, and is mute about all others. */
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';

export interface NameServer {
  /** Of all questions so far. */
  readonly asked: readonly string[];
  /** One that asks this server only. */
  newResolver(): Resolver;
  close(): Promise<void>;
}

/** @param names each with its addresses: four bytes of IPv4. */
export async function startNameServer(
  names: Readonly<Record<string, readonly (readonly number[])[]>>,
): Promise<NameServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, { port }) => {
    const { name, end } = questionOf(query);
    asked.push(name);
    const addresses = names[name];
    if (addresses !== undefined) socket.send(answerTo(query.subarray(0, end), addresses), port);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    asked,
    newResolver() {
      const resolver = new Resolver({ timeout: 60_000, tries: 1 });
      resolver.setServers([`127.0.0.1:${socket.address().port}`]);
      return resolver;
    },
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
}

const HEADER_BYTES = 12;
const IPV4 = 1;

/** RFC 1035, 4.1: a header, then labels with their lengths, a zero, the type, the class. */
function questionOf(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5 };
}

/** To a question about IPv6, that there is none. */
function answerTo(question: Buffer, addresses: readonly (readonly number[])[]): Buffer {
  const given = question.readUInt16BE(question.length - 4) === IPV4 ? addresses : [];
  const header = Buffer.from([...question.subarray(0, 2), 0x81, 0x80, 0, 1, 0, given.length, 0, 0]);
  const records = given.map((address) => [
    0xc0,
    HEADER_BYTES,
    0,
    1,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    4,
    ...address,
  ]);
  return Buffer.concat([
    header,
    Buffer.alloc(2),
    question.subarray(HEADER_BYTES),
    Buffer.from(records.flat()),
  ]);
}
