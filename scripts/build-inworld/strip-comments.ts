/** Takes comments and empty lines out of LSL, and leaves strings and all else as they are. */

/** A string, or a comment of either form; whichever begins first is taken whole. */
const STRING_OR_COMMENT = /"(?:[^"\\]|\\[^])*"|\/\/[^\n]*|\/\*[^]*?\*\//g;

/** Ends with one line feed; where there were empty lines, one is left between two functions. */
export function withoutComments(source: string): string {
  const bare = source.replaceAll(STRING_OR_COMMENT, (found) => (found[0] === '"' ? found : ' '));
  const lines = bare.split('\n').map((line) => line.trimEnd());
  const kept = lines.filter((line, index) => line !== '' || isGap(lines, index));
  return `${kept.join('\n').trim()}\n`;
}

/** An empty line after the end of a function or a state. */
const isGap = (lines: readonly string[], index: number): boolean => lines[index - 1] === '}';
