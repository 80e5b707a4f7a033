/** What the demo shows fits a terminal of 80 columns and says plainly what was broken. */
import { createScreen, wrapped } from '../../scripts/demo/screen';
import { closingTable } from '../../scripts/demo/table';
import { brokenLaws, type Figures } from '../../scripts/demo/verdict';

const FIGURES: Figures = {
  payments: {
    ...{ made: 33, creditedOnce: 33, creditedTwice: 0, lost: 0, wrongTime: 0, invented: 0 },
  },
  rentals: {
    ...{ all: 12, rightHere: 12, wronglyOverdueHere: 0, looks: 1_234, unpaid: 1, unpaidShown: 1 },
  },
  provider: { wronglyOverdue: 12, byItself: 3, repaired: 9, unrecorded: 0, stillWrong: 0 },
  boxes: { paired: 12, waiting: 0, acknowledged: 33, refused: 0, halted: 0, lost: 25 },
  breaks: 0,
};

function outputOf(play: (screen: ReturnType<typeof createScreen>) => void): string {
  const written: string[] = [];
  const screen = createScreen({ write: (text: string | Uint8Array) => !written.push(`${text}`) });
  play(screen);
  return written.join('');
}

describe('the demo on the screen', () => {
  it('breaks sentences into lines that fit 80 columns and lose no word', () => {
    const text = 'Nobody who has paid is overdue. '.repeat(20).trim();
    const lines = wrapped(text).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(text);
  });

  it('aligns the figures of the closing table within 77 columns', () => {
    const rows = closingTable(FIGURES).filter((line) => line.startsWith('  '));
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    expect(rows[0]?.length).toBeLessThanOrEqual(77);
    expect(rows[0]).toMatch(/made by tenants +33$/);
  });

  it('prints plain lines without colours where no terminal is, each progress line once', () => {
    const text = outputOf((screen) => {
      screen.title('1. Ordinary days');
      const progress = screen.progress();
      progress.show({ done: 1, of: 2, text: '1 of 2 paid' });
      screen.say('One waits.');
      progress.show({ done: 2, of: 2, text: '2 of 2 paid' });
      progress.end();
      progress.show({ done: 0, of: 2, text: 'late' });
    });
    expect(text).toBe(
      ['', '1. Ordinary days', '   One waits.', `   [${'#'.repeat(20)}] 2 of 2 paid`, ''].join(
        '\n',
      ),
    );
  });
});

describe('the laws of the demo', () => {
  it('finds none broken in a run in which all went well', () => {
    expect(brokenLaws(FIGURES)).toEqual([]);
  });

  it.each([
    ['a lost payment', { payments: { ...FIGURES.payments, lost: 1 } }, /lost/],
    ['a double credit', { payments: { ...FIGURES.payments, creditedTwice: 1 } }, /twice/],
    ['a wrong overdue', { rentals: { ...FIGURES.rentals, wronglyOverdueHere: 1 } }, /overdue/],
    ['an overdue not shown', { rentals: { ...FIGURES.rentals, unpaidShown: 0 } }, /Unpaid/],
    ['wrong time here', { rentals: { ...FIGURES.rentals, rightHere: 11 } }, /paid-until/],
    ['a wrong left there', { provider: { ...FIGURES.provider, stillWrong: 1 } }, /provider/],
    ['a payment left in a box', { boxes: { ...FIGURES.boxes, waiting: 1 } }, /wait in boxes/],
  ])('names %s', (_what, change, sentence) => {
    expect(brokenLaws({ ...FIGURES, ...change })).toEqual([expect.stringMatching(sentence)]);
  });
});
