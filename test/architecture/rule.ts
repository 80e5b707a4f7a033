/** The form of an architecture rule: what it finds, and the sentences that teach when it does. */
import { importTarget, type RepositoryFile } from '../support/source-files';
import type { Fact } from '../support/source-facts';

export interface Rule {
  /** A present-tense sentence; the title of its test. */
  readonly title: string;
  /** What is wrong, why the rule exists, what to do instead. */
  readonly lesson: string;
  /** Places where the file breaks the rule, as `what (line n)`, or `what` for the whole file. */
  readonly finds: (file: RepositoryFile) => readonly string[];
  /** A file that breaks the rule: shows what is meant, and that the rule can fail at all. */
  readonly example: readonly [path: string, text: string];
}

export const at = (fact: Fact): string => `${fact.what} (line ${fact.line})`;

export const isIn = (file: RepositoryFile, ...folders: readonly string[]): boolean =>
  folders.some((folder) => file.path === folder || file.path.startsWith(`${folder}/`));

/** Code that holds to the budgets: what we wrote to be run, whatever runs it. */
export const isCode = (file: RepositoryFile): boolean =>
  isIn(file, 'src', 'test', 'scripts') && /\.([mc]?[tj]s|css|html|lsl|py|sh)$/.test(file.path);

/** The room of a path in `src`: its folder, or the file's own name at the top. */
export const roomOf = (path: string): string =>
  /^src\/([^/]+)/.exec(path)?.[1]?.replace(/\.ts$/, '') ?? '';

/** Imports that `allows` does not let through; `target` is a repository path or a package. */
export function importsBut(
  file: RepositoryFile,
  allows: (target: string) => boolean,
): readonly string[] {
  return file.imports
    .filter((fact) => !allows(importTarget(file.path, fact.what)))
    .map((fact) => `imports ${at(fact)}`);
}

/** Uses of any of `names`, each a name, a chain such as `Date.now`, or a pattern. */
export function usesOf(
  file: RepositoryFile,
  ...names: readonly (string | RegExp)[]
): readonly string[] {
  return file.uses
    .filter(({ what }) =>
      names.some((name) => (typeof name === 'string' ? what === name : name.test(what))),
    )
    .map((fact) => `uses ${at(fact)}`);
}
