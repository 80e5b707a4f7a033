/** Every file of the repository, read once; code is parsed once. Judges nothing. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { factsOf, type SourceFacts } from './source-facts';

const REPOSITORY = join(__dirname, '..', '..');

/** One text file; `path` is relative to the repository, with `/`. */
export interface RepositoryFile extends SourceFacts {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

/** What is fetched, built or made at run time, and so is none of our text. */
const NOT_OURS = new Set(['.git', 'node_modules', 'dist', 'coverage', '.cache', '.data', '.env']);
const CODE = /\.[mc]?ts$/;
const MOST_BYTES = 2 * 1024 * 1024;
const NO_FACTS: SourceFacts = { imports: [], comments: [], functions: [], uses: [], exports: [] };

/** All text files below `REPOSITORY`, in order of path. */
export function readRepository(): RepositoryFile[] {
  return pathsBelow('')
    .sort()
    .flatMap((path) => {
      const bytes = readFileSync(join(REPOSITORY, path));
      return bytes.includes(0) ? [] : [repositoryFile(path, bytes.toString('utf8'))];
    });
}

/** A file from its text alone, so that a rule can be tried on an example. */
export function repositoryFile(path: string, text: string): RepositoryFile {
  const lines = text.replace(/\n$/, '').split('\n');
  return { path, text, lines, ...(CODE.test(path) ? factsOf(parse(path, text)) : NO_FACTS) };
}

/** Where a relative import leads, as a repository path without ending; a package stays as it is. */
export function importTarget(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return posix.join(posix.dirname(from), specifier).replace(/\.[mc]?[jt]s$/, '');
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

function pathsBelow(folder: string): string[] {
  return readdirSync(join(REPOSITORY, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (NOT_OURS.has(entry.name) || entry.name.endsWith('.log')) return [];
    if (entry.isDirectory()) return pathsBelow(path);
    return entry.isFile() && isReadable(path) ? [path] : [];
  });
}

function isReadable(path: string): boolean {
  return statSync(join(REPOSITORY, path)).size <= MOST_BYTES;
}
