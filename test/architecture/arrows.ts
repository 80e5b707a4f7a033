/** Which room may import which, and which package belongs to which room. */
import type { RepositoryFile } from '../support/source-files';
import { importsBut, isIn, roomOf, type Rule } from './rule';

const OUTER_ROOMS = ['http', 'provider', 'mongo', 'jobs'];
const WIRING = ['main', 'compose'];

/** Packages that speak a foreign language, and the only places that may import them. */
const OWNERS: readonly (readonly [packageName: RegExp, ...owners: string[]])[] = [
  [/^ws$/, 'src/provider'],
  [/^cockatiel$/, 'src/provider'],
  [/^(mongoose|mongodb|bson|mongodb-memory-server-core)$/, 'src/mongo'],
  [/^(express|helmet|rate-limiter-flexible|@asteasolutions\/zod-to-openapi)$/, 'src/http'],
  [/^node-cron$/, 'src/jobs', 'src/env-schema.ts'],
  [/^luxon$/, 'src/domain/time.ts'],
  [/^pino$/, 'src/log.ts'],
];

export const ARROWS: readonly Rule[] = [
  {
    title: 'lets the domain import nothing but itself',
    lesson:
      'The domain says what is true on paper, so that its laws can be tested without a computer ' +
      'around it. It imports only src/domain; domain/time.ts alone wraps luxon. Move what needs ' +
      'more into a flow or a room, and hand the domain its result as an argument.',
    finds: (file) =>
      isIn(file, 'src/domain')
        ? importsBut(
            file,
            (target) =>
              target.startsWith('src/domain/') ||
              (file.path === 'src/domain/time.ts' && target === 'luxon'),
          )
        : [],
    example: ['src/domain/price.ts', "/** A. */\nimport type { Log } from '../flows/log-port';"],
  },
  {
    title: 'lets flows import the domain and flows only',
    lesson:
      'Flows put steps in order and speak no foreign language, so that they run over fakes and ' +
      'over MongoDB alike. They import src/domain and src/flows only: no package, no node: ' +
      'module, no room. State what is needed as a port in src/flows; a room implements it.',
    finds: (file) =>
      isIn(file, 'src/flows')
        ? importsBut(file, (target) => /^src\/(domain|flows)\//.test(target))
        : [],
    example: ['src/flows/settle.ts', "/** A. */\nimport { randomUUID } from 'node:crypto';"],
  },
  {
    title: 'keeps the outer rooms apart',
    lesson:
      'http, provider, mongo and jobs each speak one foreign language and must be replaceable ' +
      'alone. They import themselves, flows, domain and packages, never each other, and neither ' +
      'config nor log: those arrive as arguments. Put what two rooms share into flows or domain, ' +
      'and let compose.ts connect them.',
    finds: (file) => (OUTER_ROOMS.includes(roomOf(file.path)) ? strayRooms(file) : []),
    example: ['src/http/server.ts', "/** A. */\ntype S = import('../mongo/store').Store;"],
  },
  {
    title: 'lets only main and compose reach into the rooms',
    lesson:
      'compose.ts alone wires, so that one file shows what the service is made of. The other ' +
      'files at the top of src (config, log and what they need) import the domain, flows and ' +
      'each other at most. Hand them what they need from compose.ts.',
    finds: (file) => (isTopFile(file) ? reachesInto(file) : []),
    example: ['src/log.ts', "/** A. */\nimport { startServer } from './http/server';"],
  },
  {
    title: 'gives each foreign language to one room',
    lesson:
      'A package that speaks a foreign language (sockets, BSON, HTTP, cron, calendars, logs) ' +
      'has one owner, so that replacing it touches one room. Ask the owner through a port.',
    finds: (file) =>
      isIn(file, 'src') ? importsBut(file, (target) => mayImport(file, target)) : [],
    example: ['src/http/live.ts', "/** A. */\nexport const Socket = require('ws/lib/websocket');"],
  },
  {
    title: 'ships neither fakes nor tests',
    lesson:
      'What is reachable from src runs in production, and a fake there would one day answer a ' +
      'tenant. src imports nothing from test or scripts and holds no fake, mock, stub or ' +
      'fixture. Move it to test/support, or to scripts when people run it.',
    finds: (file) => {
      if (!isIn(file, 'src')) return [];
      const named = /(^|[/-])(fakes?|mocks?|stubs?|fixtures?)([-./]|$)/.test(file.path);
      const outside = importsBut(file, (target) => !/^(\.\.|test|scripts)(\/|$)/.test(target));
      return [...(named ? ['is named like a fake'] : []), ...outside];
    },
    example: ['src/jobs/run.ts', "/** A. */\nimport { clock } from '../../test/support/clock';"],
  },
];

function strayRooms(file: RepositoryFile): readonly string[] {
  const allowed = [roomOf(file.path), 'flows', 'domain'];
  return importsBut(
    file,
    (target) => !target.startsWith('src/') || allowed.includes(roomOf(target)),
  );
}

function isTopFile(file: RepositoryFile): boolean {
  return /^src\/[^/]+\.ts$/.test(file.path) && !WIRING.includes(roomOf(file.path));
}

function reachesInto(file: RepositoryFile): readonly string[] {
  const closed = [...OUTER_ROOMS, ...WIRING];
  return importsBut(file, (target) => !closed.includes(roomOf(target)));
}

function mayImport(file: RepositoryFile, target: string): boolean {
  const packageName = /^(@[^/]+\/)?[^/]+/.exec(target)?.[0] ?? target;
  const rule = OWNERS.find(([pattern]) => pattern.test(packageName));
  if (rule === undefined) return true;
  const [, ...owners] = rule;
  return isIn(file, ...owners);
}
