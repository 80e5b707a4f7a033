/** How a flow or a job states a fact for the operator; who writes the line, and where, is wired. */

/** Values are JSON-like, or errors under a name such as `error`; secrets are blotted by name. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * One line per fact. `fact` is a short constant phrase in the past or present tense ("payment
 * stored"), so that lines can be counted; everything that varies goes into `fields`.
 * What each level means is said in `log.ts`. No method ever throws.
 */
export interface Log {
  debug(fact: string, fields?: LogFields): void;
  info(fact: string, fields?: LogFields): void;
  warn(fact: string, fields?: LogFields): void;
  error(fact: string, fields?: LogFields): void;
}
