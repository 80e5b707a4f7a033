/** From the sources to the texts that people paste, all in memory; writes nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withIncludes } from './includes';
import { estimateMemory, MEMORY_BYTES, type MemoryEstimate } from './memory-estimate';
import { withoutComments } from './strip-comments';

/** What people paste: one file of that name in the sources, and one in what is built. */
export const SCRIPT_NAMES = ['tierbox.lsl', 'relay.lsl'] as const;

/** The grid's compiler takes 65,536 bytes of source; the rest is for what an estate adds. */
export const MOST_SOURCE_BYTES = 60_000;

export interface BuiltScript {
  readonly name: string;
  readonly text: string;
  /** Of the text in UTF-8. */
  readonly bytes: number;
  readonly memory: MemoryEstimate;
  /** Sentences; none where the script fits. */
  readonly faults: readonly string[];
}

export function buildScripts(sources: string): readonly BuiltScript[] {
  const read = (path: string): string => readFileSync(join(sources, path), 'utf8');
  return SCRIPT_NAMES.map((name) => builtScript(name, withIncludes(name, read)));
}

export function builtScript(name: string, source: string): BuiltScript {
  const text = withoutComments(source);
  const bytes = Buffer.byteLength(text);
  const memory = estimateMemory(text);
  return { name, text, bytes, memory, faults: faultsOf({ name, bytes, memory }) };
}

function faultsOf({
  name,
  bytes,
  memory,
}: Pick<BuiltScript, 'name' | 'bytes' | 'memory'>): readonly string[] {
  const faults: string[] = [];
  if (bytes > MOST_SOURCE_BYTES) {
    faults.push(`${name} has ${bytes} bytes of source; at most ${MOST_SOURCE_BYTES} are allowed.`);
  }
  if (memory.totalBytes > MEMORY_BYTES) {
    faults.push(`${name} needs about ${memory.totalBytes} of ${MEMORY_BYTES} bytes of memory.`);
  }
  return faults;
}
