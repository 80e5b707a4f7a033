/** The scripts as `npm run build:inworld` has written them, ready to paste. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export type Kind = 'tierbox' | 'relay';

const BUILT = resolve(__dirname, '..', '..', 'dist', 'inworld');

/** @throws where it was not built. */
export function builtScript(kind: Kind): string {
  const path = join(BUILT, `${kind}.lsl`);
  if (!existsSync(path)) {
    throw new Error(`There is no dist/inworld/${kind}.lsl: run \`npm run build:inworld\` first.`);
  }
  return readFileSync(path, 'utf8');
}
