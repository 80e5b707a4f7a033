/**
 * What the person in front of the demo sees: titles, sentences and one moving line, in 80 columns;
 * on anything that is no terminal the same in plain lines.
 */
import { styleText } from 'node:util';
import { SingleBar } from 'cli-progress';

const WIDTH = 78;
const INDENT = '   ';
const BAR_WIDTH = 20;

export interface Screen {
  /** A new part begins. */
  title(text: string): void;
  /** Sentences, broken into lines; while a line moves they come to stand above it. */
  say(text: string): void;
  /** As they are, indented. */
  lines(lines: readonly string[]): void;
  /** Begins the moving line of a part; ends the one before. */
  progress(): Progress;
  /** Leaves the terminal as it was found. */
  close(): void;
}

/** How far a part has come. `text` at most 45 characters. */
export interface Step {
  readonly done: number;
  readonly of: number;
  readonly text: string;
}

export interface Progress {
  show(step: Step): void;
  /** The line stands still with its last step. */
  end(): void;
}

/** The part of `process.stdout` that is used. */
export type Output = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };

export function createScreen(output: Output): Screen {
  let moving: MovingLine | null = null;
  const print = (text: string): void => {
    moving?.lift();
    output.write(`${text}\n`);
    moving?.lower();
  };
  const end = (): void => {
    moving?.end();
    moving = null;
  };
  return {
    title(text) {
      end();
      print(`\n${output.isTTY === true ? styleText('bold', text) : text}`);
    },
    say: (text) => print(wrapped(text)),
    lines: (lines) => print(lines.map((line) => `${INDENT}${line}`.trimEnd()).join('\n')),
    progress() {
      end();
      const mine = output.isTTY === true ? barOn(output) : plainOn(output);
      moving = mine;
      return {
        show: (step) => (moving === mine ? mine.show(step) : undefined),
        end: () => (moving === mine ? end() : undefined),
      };
    },
    close: end,
  };
}

/** Broken at spaces, indented, at most 78 columns. */
export function wrapped(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && INDENT.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${INDENT}${one}`).join('\n');
}

interface MovingLine extends Progress {
  /** Takes the line away, so that something can be printed in its place. */
  lift(): void;
  lower(): void;
}

function barOn(output: Output): MovingLine {
  const bar = new SingleBar({
    format: `${INDENT}[{bar}] {text}`,
    stream: output as NodeJS.WriteStream,
    barCompleteChar: '#',
    barIncompleteChar: '.',
    barsize: BAR_WIDTH,
    clearOnComplete: true,
    hideCursor: true,
    gracefulExit: false,
  });
  let last: Step | null = null;
  const lower = (): void => {
    if (last !== null) bar.start(last.of, last.done, { text: last.text });
  };
  return {
    show(step) {
      const isFirst = last === null;
      last = step;
      if (isFirst) return lower();
      bar.setTotal(step.of);
      bar.update(step.done, { text: step.text });
    },
    lift: () => bar.stop(),
    lower,
    end() {
      bar.stop();
      if (last !== null) output.write(`${stillLine(last)}\n`);
      last = null;
    },
  };
}

/** Nothing moves: the line is printed once, when it stands still. */
function plainOn(output: Output): MovingLine {
  let last: Step | null = null;
  return {
    show: (step) => void (last = step),
    lift: () => undefined,
    lower: () => undefined,
    end() {
      if (last !== null) output.write(`${stillLine(last)}\n`);
      last = null;
    },
  };
}

function stillLine({ done, of, text }: Step): string {
  const filled = of === 0 ? BAR_WIDTH : Math.round((BAR_WIDTH * Math.min(done, of)) / of);
  return `${INDENT}[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${text}`;
}
