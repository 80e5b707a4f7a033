/**
 * Puts included files in the place of `#include "path"` lines, each once; knows nothing else of
 * LSL.
 */
import { posix } from 'node:path';

/** The form that Firestorm's preprocessor knows, on a line of its own. */
const INCLUDE = /^#include\s+"([^"]+)"\s*$/;

/**
 * Paths are relative to the including file and stay below the folder of `entry`. A file that was
 * included before is left out, as is one that includes itself. Throws where a file cannot be read.
 */
export function withIncludes(entry: string, read: (path: string) => string): string {
  const seen = new Set<string>();
  const expanded = (path: string): string => {
    seen.add(path);
    return read(path)
      .split('\n')
      .flatMap((line) => {
        const named = INCLUDE.exec(line)?.[1];
        if (named === undefined) return [line];
        const target = targetOf(path, named);
        return seen.has(target) ? [] : [expanded(target)];
      })
      .join('\n');
  };
  return expanded(entry);
}

function targetOf(from: string, named: string): string {
  const target = posix.join(posix.dirname(from), named);
  if (target.startsWith('..') || posix.isAbsolute(named)) {
    throw new Error(`${from} includes ${named}, which lies outside the sources.`);
  }
  return target;
}
