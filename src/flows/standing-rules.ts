/** The estate's settings as the standing function takes them. */
import type { Incident, StandingRules } from '../domain/standing';
import { HOUR_MS } from '../domain/time';
import type { Settings } from './ports/settings';

/** NOTE: incidents are not recorded yet, so that none lengthens a grace or stands in the way. */
const INCIDENTS: readonly Incident[] = [];

/** So often is asked for the second key for as long as a rental stands past its limit. */
export const SECOND_KEY_AGAIN_MS = HOUR_MS;

export function standingRules(
  settings: Pick<Settings, 'zone' | 'graceHours' | 'dueDays'>,
): StandingRules {
  return {
    zone: settings.zone,
    graceHours: settings.graceHours,
    dueDays: settings.dueDays,
    incidents: INCIDENTS,
  };
}
