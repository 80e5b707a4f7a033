/** Hints for tests in which no box listens. */
import type { Hints } from '../../src/flows/ports/hints-port';

export const noHints: Hints = { hint: () => undefined };
