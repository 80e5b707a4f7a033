/**
 * Changes of units by the bridge (`/v1`) and by whoever rehearses (`/sim`); none of them is a
 * fault.
 */
import type { ExpiryChange, LockChange, UnitChange, UnitInput } from './bodies';
import { definedFields, describedUnit } from './population';
import type { UnitRecord } from './records';
import { Refusal } from './refusal';
import { statusOf } from './terms';
import type { World } from './world';

/** @throws Refusal 404, 409 (`ifVersion` is not current), 422 (key used otherwise), 501. */
export function setExpiry(
  world: World,
  input: { readonly id: string; readonly key: string; readonly change: ExpiryChange },
): UnitRecord {
  const { book, keys } = world;
  const { id, key, change } = input;
  const unit = changeableUnit(world, id);
  const request = JSON.stringify([id, change]);
  const answered = keys.answered(key, request);
  if (answered !== null) return answered;
  refuseStale(unit, change.ifVersion);
  const { rentedUntil } = change;
  const tenant = change.tenant ?? unit.tenant;
  const status = statusOf({ ...unit, rentedUntil, tenant }, book.now());
  const changed = book.step((step) => step.changeUnit(unit, { rentedUntil, tenant, status }));
  keys.keep(key, { request, unit: changed, at: changed.updatedAt });
  return changed;
}

/** @throws Refusal 404, 409, 501. Repeating it is harmless: the second finds another version. */
export function setLock(
  world: World,
  input: { readonly id: string; readonly change: LockChange },
): UnitRecord {
  const unit = changeableUnit(world, input.id);
  refuseStale(unit, input.change.ifVersion);
  const { locked } = input.change;
  return world.book.step((step) => step.changeUnit(unit, { locked }));
}

/** @throws Refusal 409 where the id is taken. */
export function addUnit(world: World, described: UnitInput): UnitRecord {
  const { book, truth, seed } = world;
  let n = book.units.size + 1;
  const made = () => describedUnit({ seed, n, now: book.now() }, described);
  while (described.id === undefined && book.units.get(made().id) !== undefined) n += 1;
  const unit = made();
  if (book.units.get(unit.id) !== undefined) throw new Refusal(409, `Unit ${unit.id} exists.`);
  truth.open(unit.id, unit.rentedUntil);
  return book.step((step) => step.addUnit(unit));
}

/** As the provider's own staff, or the grid, would change it. A changed time shows in the status,
 * unless the change names a status too: claims may disagree. */
export function changeUnit(world: World, id: string, change: UnitChange): UnitRecord {
  const { book } = world;
  const unit = existingUnit(world, id);
  const fields = definedFields(change);
  const after = { ...unit, ...fields };
  const isTimed = 'rentedUntil' in fields || 'tenant' in fields;
  const status = fields.status ?? (isTimed ? statusOf(after, book.now()) : unit.status);
  return book.step((step) => step.changeUnit(unit, { ...fields, status }));
}

function changeableUnit(world: World, id: string): UnitRecord {
  if (world.faults.now.noExpiryCall) throw new Refusal(501, 'This provider has no such call.');
  return existingUnit(world, id);
}

function existingUnit({ book }: World, id: string): UnitRecord {
  const unit = book.units.get(id);
  if (unit === undefined) throw new Refusal(404, 'There is no such unit.');
  return unit;
}

function refuseStale(unit: UnitRecord, ifVersion: number): void {
  if (unit.version === ifVersion) return;
  throw new Refusal(409, `The unit is at version ${unit.version}, not ${ifVersion}.`);
}
