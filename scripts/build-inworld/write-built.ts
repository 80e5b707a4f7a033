/** Writes what was built, and nothing else. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltScript } from './build-scripts';

export function writeBuilt(
  folder: string,
  scripts: readonly Pick<BuiltScript, 'name' | 'text'>[],
): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of scripts) writeFileSync(join(folder, name), text);
}
