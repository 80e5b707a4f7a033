/** What the build says of one script. */
import { MOST_SOURCE_BYTES, type BuiltScript } from './build-scripts';
import { MEMORY_BYTES } from './memory-estimate';

export function reportOf({ name, bytes, memory }: BuiltScript): string {
  const { codeBytes, dataBytes, totalBytes } = memory;
  return [
    `${name}: ${bytes} of ${MOST_SOURCE_BYTES} bytes of source;`,
    `memory about ${kib(totalBytes)} of ${kib(MEMORY_BYTES)} KiB`,
    `(code ${kib(codeBytes)} by counting words, functions and characters at 2 bytes each,`,
    `${kib(dataBytes)} left for data; an estimate, the box's Status shows what is really free)`,
  ].join(' ');
}

const kib = (bytes: number): string => (bytes / 1_024).toFixed(1);
