/**
 * The closing table, in aligned columns of at most 77 characters; a pure function of the figures.
 */
import type { Figures } from './verdict';

const LABEL_WIDTH = 54;
const FIGURE_WIDTH = 10;

type Row = readonly [label: string, figure: number | string];

export function closingTable(figures: Figures): readonly string[] {
  const { payments, rentals, provider, boxes, breaks } = figures;
  return [
    ...part('Payments', [
      ['made by tenants', payments.made],
      ['credited, exactly once', payments.creditedOnce],
      ['credited twice', payments.creditedTwice],
      ['lost', payments.lost],
    ]),
    ...part('Paid rentals shown as overdue', [
      ['by the provider', times(provider.wronglyOverdue)],
      ['   came right when it worked off its queue', provider.byItself],
      ['   put right by Tierbridge', provider.repaired],
      ['   still wrong', provider.stillWrong],
      [`by Tierbridge or a box, in ${rentals.looks} looks`, rentals.wronglyOverdueHere],
    ]),
    ...part('Besides', [
      ['rentals with exactly the time that was paid for', of(rentals.rightHere, rentals.all)],
      ['unpaid rentals shown as overdue, rightly', of(rentals.unpaidShown, rentals.unpaid)],
      ['calls lost on the way, asked again by the boxes', boxes.lost],
      ['questions left to a person', breaks],
    ]),
  ];
}

function part(title: string, rows: readonly Row[]): string[] {
  const rule = '-'.repeat(LABEL_WIDTH + FIGURE_WIDTH);
  return [title, rule, ...rows.map(line), ''];
}

const line = ([label, figure]: Row): string =>
  `  ${label}`.padEnd(LABEL_WIDTH) + String(figure).padStart(FIGURE_WIDTH);

const of = (some: number, all: number): string => `${some} of ${all}`;
const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
