/** How `npm start` runs Node: what is rehearsed and measured runs alike. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const START = /^node ((?:--\S+ )*)dist\/main\.js$/;

const Package = z.object({
  scripts: z.object({ start: z.string().regex(START, 'The start script runs dist/main.js.') }),
});

/** Flags of Node's command line, read from `package.json`. */
export function startFlags(): readonly string[] {
  const read = readFileSync(join(__dirname, '..', 'package.json'), 'utf8');
  const { start } = Package.parse(JSON.parse(read)).scripts;
  return START.exec(start)?.[1]?.split(' ').filter(Boolean) ?? [];
}
