/** Opens sealed secrets for readers: one that does not open is told of, and is not there. */
import { HOUR_MS, type Instant } from '../../domain/time';
import type { Clock } from '../../flows/ports/clock';
import type { Log } from '../../flows/ports/log-port';
import { openedOr, type SecretSealing } from './secret-sealing';

export interface SecretOpener {
  /** Null for a secret that no key opens, or that was altered. */
  open(sealed: string, boxId: string): string | null;
}

/** Where it is said which box holds such a secret. */
export interface Told {
  readonly log: Pick<Log, 'warn'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Anybody may name a box, so that a line for each read would be theirs to write. */
const SILENT_MS = HOUR_MS;
/** Beyond this many boxes within the hour the others go untold: the key is missing, not a box. */
const MOST_TOLD = 10_000;

export function createSecretOpener(sealing: SecretSealing, { log, clock }: Told): SecretOpener {
  /** The box told of longest ago is the first. */
  const toldAt = new Map<string, Instant>();

  return {
    open(sealed, boxId) {
      const found = openedOr(sealing, sealed, boxId);
      if (typeof found === 'string') return found;
      if (isToBeTold(toldAt, boxId, clock.now())) {
        log.warn('box secret does not open', { boxId, why: found.message });
      }
      return null;
    },
  };
}

function isToBeTold(toldAt: Map<string, Instant>, boxId: string, now: Instant): boolean {
  for (const [id, at] of toldAt) {
    if (now - at < SILENT_MS) break;
    toldAt.delete(id);
  }
  if (toldAt.has(boxId) || toldAt.size >= MOST_TOLD) return false;
  toldAt.set(boxId, now);
  return true;
}
