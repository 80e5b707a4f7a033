/** The child's end of the line between the bench and its programs; knows no program. */

/** What a program can be asked for: every call takes one value and answers one, as JSON. */
export type Calls<Names extends string = string> = Readonly<
  Record<Names, (input: never) => Promise<unknown>>
>;

export interface Question {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

export type Reply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly fault: string };

/**
 * Answers whoever has started this process until that goes away. Ctrl-C in a terminal reaches every
 * process of it: what is to be done then is the parent's to say.
 */
export function serveParent(calls: Calls, end: () => Promise<void> = async () => undefined): void {
  process.on('message', (question: Question) => void answer(calls, question));
  process.once('disconnect', () => void end().finally(() => process.exit(0)));
  process.on('SIGINT', () => undefined);
}

async function answer(calls: Calls, { id, name, input }: Question): Promise<void> {
  try {
    const call = calls[name];
    if (call === undefined) throw new Error(`This program cannot be asked for ${name}.`);
    reply({ id, answer: await call(input as never) });
  } catch (error) {
    reply({ id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function reply(said: Reply): void {
  if (process.connected) process.send?.(said);
}
