/**
 * The simulated tierbox as a program: reads its arguments and typed commands, prints what it is
 * told, stops on a signal or at the end of its input.
 *
 *   npm run sim-box -- --url http://127.0.0.1:8080 --code K7QX-3MPD9A2RTW6H --memory .data/box.json
 *   pay 250 | pay 250 <payer UUID> <name> | back <event id> <L$> | poll | state | resume | quit
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { randomInt, randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { realClock } from '../src/jobs/real-clock';
import { emptyMemory, memorySchema } from './sim-box/memory';
import { createSimBox, type SimBox } from './sim-box/sim-box';

const EXIT_USAGE = 64;
const OWNER_READABLE = 0o600;

const argumentsSchema = z.object({
  url: z.url({ protocol: /^https?$/ }),
  code: z.string().optional(),
  object: z.uuid().default(() => randomUUID()),
  owner: z.uuid().default('11111111-2222-4333-8444-555555555555'),
  shard: z.string().min(1).default('Production'),
  region: z.string().min(1).default('Dream Bay'),
  scale: z.coerce.number().min(0.0001).max(10).default(1),
  skew: z.coerce.number().pipe(z.int()).default(0),
  memory: z.string().min(1).optional(),
});
type Arguments = z.output<typeof argumentsSchema>;

async function main(): Promise<void> {
  const given = readArguments(process.argv.slice(2));
  const kept = readMemory(given.memory);
  const object = { objectKey: kept.objectKey ?? given.object, ownerKey: given.owner };
  const save = (): void => {
    if (given.memory === undefined) return;
    const text = JSON.stringify({ ...kept, objectKey: object.objectKey }, null, 2);
    writeFileSync(given.memory, text, { mode: OWNER_READABLE });
  };
  const box = createSimBox({
    ...{ ...object, baseUrl: given.url, clock: realClock, memory: kept.memory },
    random: { next: () => randomInt(2 ** 32) / 2 ** 32, uuid: () => randomUUID() },
    ...{ shard: given.shard, region: given.region, clockSkewS: given.skew },
    pairingCode: given.code ?? null,
    retryScale: given.scale,
    tell: (text) => console.log(`to the owner: ${text}`),
    watch: (job, code) => {
      console.log(`${job}: ${code}`);
      save();
    },
  });
  const lines = createInterface({ input: process.stdin });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => lines.close());
  for await (const line of lines) {
    if (line.trim() === 'quit') break;
    await obey(box, line);
    save();
  }
  lines.close();
  await box.stop();
}

async function obey(box: SimBox, line: string): Promise<void> {
  const [command = '', ...words] = line.trim().split(/\s+/);
  switch (command) {
    case '':
      return;
    case 'pay': {
      const [amount, payer = randomUUID(), ...name] = words;
      const id = box.pay({ amount: Number(amount), payer, name: name.join(' ') });
      return console.log(id === null ? 'takes no payments just now' : `event ${id}`);
    }
    case 'back': {
      const [eventId = '', amount] = words;
      return box.giveBack({ eventId, amount: Number(amount) });
    }
    case 'poll':
      return console.log(await box.poll());
    case 'state':
      return console.log(box.state());
    case 'resume':
      return box.resume();
    default:
      return console.log(
        'pay <L$> [payer] [name] | back <event> <L$> | poll | state | resume | quit',
      );
  }
}

const Kept = z.object({ objectKey: z.uuid().nullable(), memory: memorySchema });

/** As an earlier run of the same box left it; the object keeps its key. */
function readMemory(path: string | undefined): z.output<typeof Kept> {
  if (path === undefined || !existsSync(path)) return { objectKey: null, memory: emptyMemory() };
  return Kept.parse(JSON.parse(readFileSync(path, 'utf8')));
}

function readArguments(args: string[]): Arguments {
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
