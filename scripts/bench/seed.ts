/** Writes a made-up estate into the stores, in batches; makes nothing up itself. */
import type { Stores } from '../../src/compose/stores';
import type { Box } from '../../src/domain/box';
import type { LetRental } from './estate';

const AT_ONCE = 500;

export async function seedBoxes(stores: Stores, boxes: readonly Box[]): Promise<void> {
  for (const some of slices(boxes)) expectAll(await stores.boxes.save(some), some);
}

export async function seedRentals(stores: Stores, rows: readonly LetRental[]): Promise<void> {
  for (const some of slices(rows)) {
    const rentals = some.map(({ rental }) => rental);
    const tenancies = some.flatMap(({ tenancy }) => tenancy ?? []);
    const ends = new Map(tenancies.map(({ id }) => [id, 0]));
    const [kept, begun] = await Promise.all([
      stores.rentals.save(rentals),
      stores.tenancies.save(tenancies),
      stores.entries.append(
        some.flatMap(({ entries }) => entries),
        ends,
      ),
    ]);
    expectAll(kept, rentals);
    expectAll(begun, tenancies);
  }
}

function expectAll(written: ReadonlySet<string>, rows: readonly unknown[]): void {
  if (written.size !== rows.length) throw new Error('The bench could not write its estate.');
}

function* slices<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let at = 0; at < rows.length; at += AT_ONCE) yield rows.slice(at, at + AT_ONCE);
}
