/** Opens a break because a person saw a difference; the rules open theirs in settle and resync. */
import type { Break, BreakKind } from '../../domain/break';
import type { Acting } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import { recordChange } from '../access/record-change';
import { recordedBreak } from '../access/recorded';
import { invalid, type Invalid } from '../access/refusal';
import { resolveSubject, type Subject, type SubjectDeps } from './resolve-subject';

export type OpenBreakByHand = { readonly kind: 'opened'; readonly opened: Break } | Invalid;

export interface OpenBreakInput {
  readonly kind: BreakKind;
  /** Names of rentals, boxes, tenancies, entries or payments; all must be within reach. */
  readonly subjects: readonly string[];
  readonly by: Acting;
}

export async function openBreak(
  deps: SubjectDeps & Pick<EstatePorts, 'breaks' | 'settings' | 'audit' | 'digest' | 'clock'>,
  { kind, subjects, by }: OpenBreakInput,
): Promise<OpenBreakByHand> {
  const found = await Promise.all(
    subjects.map((name) => resolveSubject(deps, { name, scope: by })),
  );
  const errors = found.flatMap((subject, index) =>
    subject === null ? invalid(`/subjects/${index}`, 'There is no such thing here.').errors : [],
  );
  if (errors.length > 0) return { kind: 'invalid', errors };
  const known = found.filter((subject): subject is Subject => subject !== null);
  const region = known.find((subject) => subject.region !== null)?.region ?? null;
  const draft = {
    kind,
    about: `request:${by.requestId}`,
    fingerprint: by.requestId,
    subjects: idsOf(known),
    amount: null,
    seconds: null,
    text: `Opened by ${by.author}: ${by.reason}`,
  };
  const { breakOwner } = deps.settings;
  const now = deps.clock.now();
  const [opened] = await deps.breaks.open([{ draft, region, owner: breakOwner, now }]);
  if (opened === undefined) throw new Error('A break that was opened is answered.');
  await recordChange(deps, {
    by,
    subject: opened.id,
    region,
    action: 'break-opened',
    at: opened.openedAt,
    before: null,
    after: { ...recordedBreak(opened), subjects: opened.subjects },
  });
  return { kind: 'opened', opened };
}

/** The rental's always, then what was named. */
function idsOf(subjects: readonly Subject[]): string[] {
  const rentals = subjects.flatMap(({ rentalId }) => rentalId ?? []);
  return [...new Set<string>([...rentals, ...subjects.map(({ id }) => id)])];
}
