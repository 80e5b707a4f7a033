/** Bytes to a server and back, for requests that no client library would send. */
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Everything that the server said until it closed the connection. */
function rawExchange(port: number, sent: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => (received += text));
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
    socket.write(sent);
  });
}

/** The one answer to a request that asks for the connection to be closed. */
export async function rawAnswer(port: number, sent: string | Buffer): Promise<RawAnswer> {
  return parseAnswer(await rawExchange(port, sent));
}

function parseAnswer(received: string): RawAnswer {
  const end = received.indexOf('\r\n\r\n');
  const [status = '', ...lines] = received.slice(0, end).split('\r\n');
  const headers = lines.map((line) => /^([^:]+): ?(.*)$/.exec(line) ?? ['', '', '']);
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(status)?.[1]),
    text: received.slice(end + 4),
    headers: Object.fromEntries(headers.map(([, name, value]) => [name?.toLowerCase(), value])),
  };
}
