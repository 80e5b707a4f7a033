/**
 * What the tenant is told of the rental: when it ends, and why it is safe; never to a third party.
 */
import type { ReasonCode, Standing } from '../../domain/standing';
import { forPeople, type Instant } from '../../domain/time';

/**
 * Sentences for the tenant. What a manager wrote about a hold is for the estate, not for the box.
 */
const REASONS: Readonly<Record<ReasonCode, string>> = {
  'payment-unresolved': 'A payment is being confirmed and counts for you meanwhile.',
  hold: 'The estate protects your rental for now.',
  incident: 'The rental system has a disturbance: nothing becomes overdue meanwhile.',
  'no-fresh-evidence': 'We wait for fresh word from the rental system.',
  'provider-shows-time': 'The rental system still shows time for you.',
};

export interface TenantTextInput {
  readonly standing: Standing;
  /** As display name; null where the rental is vacant. */
  readonly tenantName: string | null;
}

/**
 * Begins with the tenant's first name, where there is one to show. Dates and times are those of
 * `zone`, as people in-world read them.
 */
export function tenantText({ standing, tenantName }: TenantTextInput, zone: string): string {
  const codes = [...new Set(standing.reasons.map(({ code }) => code))];
  const name = standing.stage === 'vacant' ? null : firstName(tenantName);
  const named = name === null ? stageText(standing, zone) : `${name}: ${stageText(standing, zone)}`;
  return [named, ...codes.map((code) => REASONS[code])].join(' ');
}

/** What the rest of the text needs; a longer name is cut. */
const MOST_NAME = 24;

/** Null for none, and for what a viewer shows while it waits for one, such as `(Loading...)`. */
function firstName(name: string | null): string | null {
  const first = name?.trim().split(/\s+/)[0] ?? '';
  return first === '' || first.startsWith('(') ? null : [...first].slice(0, MOST_NAME).join('');
}

function stageText({ stage, paidUntil, limit }: Standing, zone: string): string {
  const until = shown(paidUntil, zone);
  switch (stage) {
    case 'vacant':
      return 'Free to rent.';
    case 'paid':
      return `Paid until ${until}.`;
    case 'due':
      return `Paid until ${until}. Please pay before then.`;
    case 'grace':
      return `Paid until ${until}. Please pay by ${shown(limit, zone)}.`;
    case 'overdue':
      return `Paid until ${until}: overdue. Please pay now, or talk to the estate.`;
    case 'safe':
      return `Paid until ${until}. Your rental is safe.`;
  }
}

const shown = (at: Instant | null, zone: string): string =>
  at === null ? 'now' : forPeople(at, zone);
