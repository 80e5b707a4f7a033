/**
 * Guesses how much of a script's 64 KiB its code will take. An estimate by counting, never tried on
 * a grid: the box itself tells its owner how much is free.
 *
 * The grid compiles to CIL, and its used memory grows by the bytes of that. A word, number or
 * operator becomes one instruction with its operand, of 6 bytes at most (reading a global:
 * `ldarg.0`, `ldfld`), or none, as the name of a type. Each function has an entry, a name and a
 * signature, and each different string takes 2 bytes a character. Memory is taken in blocks of 512
 * bytes.
 */

/** Of the grid: code and data of one script together. */
export const MEMORY_BYTES = 65_536;

const BASE_BYTES = 4_096;
const TOKEN_BYTES = 6;
const FUNCTION_BYTES = 48;
const GLOBAL_BYTES = 24;
const CHARACTER_BYTES = 2;
const BLOCK_BYTES = 512;
/** An answer, its parts, a dialog and a page of names at once, with what was not collected yet. */
const DATA_BYTES = 10_240;

export interface MemoryEstimate {
  readonly codeBytes: number;
  /** Left aside for what the script holds while it runs. */
  readonly dataBytes: number;
  readonly totalBytes: number;
}

/** `text` is LSL without comments. */
export function estimateMemory(text: string): MemoryEstimate {
  const strings = new Set(text.match(STRING));
  const characters = [...strings].reduce((sum, string) => sum + string.length, 0);
  const code = text.replaceAll(STRING, 'S');
  const bytes =
    BASE_BYTES +
    count(code, TOKEN) * TOKEN_BYTES +
    count(code, FUNCTION) * FUNCTION_BYTES +
    count(code, GLOBAL) * GLOBAL_BYTES +
    characters * CHARACTER_BYTES;
  const codeBytes = Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
  return { codeBytes, dataBytes: DATA_BYTES, totalBytes: codeBytes + DATA_BYTES };
}

const STRING = /"(?:[^"\\]|\\[^])*"/g;
/** Words, numbers and operators; brackets and separators make no code. */
const TOKEN = /\w+|[^\s\w(){}[\];,]+/g;
/** A function, or an event of a state. */
const FUNCTION = /^(?: {4})?\w[\w ]*\([^()]*\)\s*\{/gm;
const GLOBAL = /^(?:integer|string|key|list|vector|float|rotation) \w+(?: =[^;]*)?;/gm;

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
