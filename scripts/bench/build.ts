/** Compiles the bench's programs as `npm start` compiles the service; checks no types. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');
/** Everything that a program may import. */
const FOLDERS = ['src', 'scripts/sim-provider', 'scripts/bench'];

/**
 * What tsx makes of a file is a little slower than what is released (it names every function
 * anew as it is made), so the programs that are measured run as the compiler writes them.
 * @param into inside the repository, so that packages are found.
 */
export function buildPrograms(into: string): void {
  const read = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, ROOT);
  const compilerOptions = { ...options, noEmit: false, inlineSourceMap: true };
  for (const path of FOLDERS.flatMap(codeBelow)) {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const { outputText } = ts.transpileModule(text, { compilerOptions, fileName: path });
    const target = join(into, path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
}

function codeBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}
