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

/** Dates and times are those of `zone`, as people in-world read them. */
export function tenantText(standing: Standing, zone: string): string {
  const codes = [...new Set(standing.reasons.map(({ code }) => code))];
  return [stageText(standing, zone), ...codes.map((code) => REASONS[code])].join(' ');
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
