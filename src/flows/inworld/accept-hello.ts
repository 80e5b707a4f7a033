/** Keeps what a box says about itself when it starts; moves no money and no time. */
import type { Box } from '../../domain/box';
import type { Rental } from '../../domain/rental';
import type { Standing } from '../../domain/standing';
import { earlier, type Instant } from '../../domain/time';
import type { VerifiedCall } from './box-caller';
import { isDatedAhead } from './event-time';
import type { Log } from '../ports/log-port';
import { noteEmptyOutbox } from './note-empty-outbox';
import { StorageUnavailable, type RentalStore } from '../ports/money-ports';
import type { BoxStore } from '../ports/upkeep-ports';
import type { Wake } from '../ports/wake-port';

export interface HelloDeps {
  readonly boxes: Pick<BoxStore, 'one' | 'save'>;
  readonly rentals: Pick<RentalStore, 'one' | 'noteBoxClear'>;
  readonly readStanding: (rental: Rental) => Promise<Standing>;
  readonly wake: Pick<Wake, 'seen'>;
  readonly log: Log;
}

export interface HelloWord {
  readonly at: Instant;
  readonly rezzedAt: Instant;
  readonly version: string;
  readonly url: string | null;
  /** Events waiting in the box. */
  readonly outbox: number;
}

export type HelloOutcome = { readonly kind: 'stored' | 'known' | 'refused' };

const MOST_TRIES = 5;

/** One that an earlier rez of the box sent, and that came late, is `known` and changes nothing. */
export async function acceptHello(
  deps: HelloDeps,
  { call, hello: said }: { readonly call: VerifiedCall; readonly hello: HelloWord },
): Promise<HelloOutcome> {
  const { box, now } = call;
  // A rez that has yet to come would make every later hello one of an earlier rez.
  const hello = { ...said, rezzedAt: earlier(said.rezzedAt, now) };
  if (isDatedAhead(hello.at, now)) return { kind: 'refused' };
  if (box.rezzedAt !== null && hello.rezzedAt < box.rezzedAt) return { kind: 'known' };
  deps.wake.seen({ id: box.id, at: now, outbox: hello.outbox });
  await keepHello(deps, box, hello);
  if (hello.outbox === 0) await noteEmpty(deps, call);
  return { kind: 'stored' };
}

async function keepHello(
  deps: Pick<HelloDeps, 'boxes' | 'log'>,
  read: Box,
  hello: HelloWord,
): Promise<void> {
  const { version, url, rezzedAt } = hello;
  let box: Box | null = read;
  for (let tries = 0; tries < MOST_TRIES && box !== null; tries += 1) {
    const isKept = box.version === version && box.url === url && box.rezzedAt === rezzedAt;
    if (isKept) return;
    if ((await deps.boxes.save([{ ...box, version, url, rezzedAt }])).has(box.id)) {
      deps.log.info('box said hello', { boxId: box.id, version, rezzedAt });
      return;
    }
    box = await deps.boxes.one(box.id);
  }
  throw new StorageUnavailable('The box is being written to.');
}

async function noteEmpty(deps: HelloDeps, call: VerifiedCall): Promise<void> {
  const { box, caller, now } = call;
  const rental = await deps.rentals.one(box.rentalId);
  if (rental?.verifiedBy !== 'box') return;
  const standing = await deps.readStanding(rental);
  const { sentAtUnix } = caller;
  await noteEmptyOutbox(deps, { rental, boxId: box.id, standing, sentAtUnix, now });
}
