/**
 * The provider simulator as a program: reads its arguments, starts, prints one line, stops on a
 * signal.
 *
 *   npm run sim-provider -- --port 0 --seed 7 --token T --units 20
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { isTimeZone } from '../src/domain/time';
import { startSimProvider } from './sim-provider/server';

const EXIT_USAGE = 64;

const whole = (least: number, most: number) => z.coerce.number().pipe(z.int().min(least).max(most));
const argumentsSchema = z.object({
  host: z.string().min(1).default('127.0.0.1'),
  port: whole(0, 65_535).default(0),
  seed: whole(0, Number.MAX_SAFE_INTEGER).default(1),
  token: z
    .string()
    .regex(/^\S{1,1024}$/)
    .optional(),
  units: whole(0, 1_000_000).default(20),
  'heartbeat-ms': whole(10, 3_600_000).default(5_000),
  'processing-ms': whole(0, 3_600_000).default(20),
  'keep-events': whole(1, 10_000_000).default(200_000),
  'time-zone': z.string().refine(isTimeZone, 'is no time zone').default('America/Los_Angeles'),
});

async function main(): Promise<void> {
  const given = readArguments(process.argv.slice(2));
  // There is no token by default: one that everybody knows would be none.
  const token = given.token ?? randomBytes(24).toString('base64url');
  const provider = await startSimProvider({
    ...{ host: given.host, port: given.port, seed: given.seed, token, units: given.units },
    heartbeatMs: given['heartbeat-ms'],
    processingMs: given['processing-ms'],
    keepEvents: given['keep-events'],
    timeZone: given['time-zone'],
  });
  const shown = given.token === undefined ? ` with token ${token}` : '';
  console.log(`Provider simulator listening on ${provider.url}${shown}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void provider.close());
  }
}

function readArguments(args: string[]): z.output<typeof argumentsSchema> {
  try {
    const names = Object.keys(argumentsSchema.shape);
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
    return argumentsSchema.parse(parseArgs({ args, options, strict: true }).values);
  } catch (error) {
    console.error(error instanceof z.ZodError ? z.prettifyError(error) : String(error));
    return process.exit(EXIT_USAGE);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
