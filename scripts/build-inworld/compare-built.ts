/** Compares what was built, and is kept in the repository, with what the sources give now. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltScript } from './build-scripts';

/** One sentence for each file that differs, is missing, or is none of ours; changes nothing. */
export function compareBuilt(
  folder: string,
  scripts: readonly Pick<BuiltScript, 'name' | 'text'>[],
): readonly string[] {
  const present = existsSync(folder) ? readdirSync(folder) : [];
  const names = new Set(scripts.map(({ name }) => name));
  const strangers = present
    .filter((name) => !names.has(name))
    .map((name) => `dist/inworld/${name} comes from no source: delete it.`);
  const different = scripts.flatMap(({ name, text }) => {
    if (!present.includes(name)) return [`dist/inworld/${name} is missing: ${REMEDY}`];
    const isSame = readFileSync(join(folder, name), 'utf8') === text;
    return isSame ? [] : [`dist/inworld/${name} differs from scripts/inworld: ${REMEDY}`];
  });
  return [...strangers, ...different];
}

const REMEDY = 'run «npm run build:inworld» and commit what it writes.';
