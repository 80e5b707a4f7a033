/** The record of a person's change: who, what, why, before and after; makes no change itself. */
import type { Audit } from '../../domain/access';
import type { Instant } from '../../domain/time';
import type { Asking } from './acting';
import { nameFrom, type Digest } from '../ports/digest-port';
import type { EstatePorts } from '../ports/estate-ports';

/** One change of one subject under one request. */
export interface Change {
  readonly by: Asking & { readonly reason: string | null };
  /** Id of what is changed: a rental's for everything that belongs to it. */
  readonly subject: string;
  /** A stable word, past tense. */
  readonly action: string;
}

export interface ChangeRecord extends Change {
  readonly at: Instant;
  readonly region: string | null;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Written before the change is made, under an id that the request and the instant give: no change
 * is ever without its author (law 10), and a request that is resumed writes no second record. A
 * record whose change did not come about is left only by a process that died, until the request is
 * resumed.
 */
export async function recordChange(
  deps: Pick<EstatePorts, 'audit' | 'digest'>,
  record: ChangeRecord,
): Promise<void> {
  const { at, by, subject, region, action, before, after } = record;
  const id = `aud_${at.toString(36).padStart(9, '0')}_${markOf(deps.digest, record)}`;
  const row: Audit = {
    id,
    at,
    author: by.author,
    subject,
    region,
    action,
    reason: by.reason,
    before,
    after,
  };
  await deps.audit.write([row]);
}

export interface ChangeStart {
  /** The instant of the change: of the earlier attempt where the request is resumed, else now. */
  readonly at: Instant;
  /** What the earlier attempt recorded; null where there was none. */
  readonly earlier: Audit | null;
}

/**
 * Everything that a change makes takes this instant, so that it comes out the same when resumed.
 */
export async function startChange(
  deps: Pick<EstatePorts, 'audit' | 'digest' | 'clock'>,
  change: Change,
): Promise<ChangeStart> {
  const mark = markOf(deps.digest, change);
  const { rows } = await deps.audit.list({
    subject: change.subject,
    regions: [],
    limit: LOOK_BACK,
    cursor: null,
  });
  const earlier = rows.find((row) => row.id.endsWith(`_${mark}`)) ?? null;
  return { at: earlier?.at ?? deps.clock.now(), earlier };
}

/** Changes of one subject between a crash and the repeat of the request: a client repeats soon. */
const LOOK_BACK = 100;

const markOf = (digest: Digest, { by, subject, action }: Change): string =>
  nameFrom(digest, by.requestId, subject, action);
