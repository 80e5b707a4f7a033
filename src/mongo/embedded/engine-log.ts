/** Keeps `engine.log`, which engines only add to, from growing without end. */
import { copyFile, stat, truncate } from 'node:fs/promises';

const MOST_BYTES = 32 * 1024 * 1024;

/**
 * Past 32 MiB the text moves to `<path>.1` and the file begins anew; a running engine appends, so
 * it goes on in the same file. What it prints between the two steps may be lost.
 */
export async function boundEngineLog(path: string): Promise<void> {
  if ((await sizeOf(path)) <= MOST_BYTES) return;
  await copyFile(path, `${path}.1`);
  await truncate(path);
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
