/**
 * Stores, provider and settings as the ports of the estate, with the wake-ups that tie them to
 * jobs.
 */
import type { AdminFlowDeps } from './admin';
import type { Stores } from './stores';
import type { Config } from '../config';
import { readStanding } from '../flows/read-standing';
import { resyncOne } from '../flows/resync/resync-one';
import { settleSoon } from '../flows/settle-soon';
import { tellBreaks, tellEntries } from '../flows/tell-kept';
import { takeWords } from '../flows/upstream/take-words';
import { hintBoxes } from '../flows/inworld/hint-boxes';
import type { Clock } from '../flows/ports/clock';
import type { Hints } from '../flows/ports/hints-port';
import type { Log } from '../flows/ports/log-port';
import { createHintSender } from '../http/hints/hint-sender';
import { systemMint } from '../http/inworld/mint';
import type { ServiceMetrics } from '../http/metrics';
import { sha256 } from '../http/sha256';
import { createWorkQueue, type WorkQueue } from '../jobs/work-queue';
import { createProviderApi } from '../provider/rest-client';

export interface PortsInput {
  readonly config: Config;
  readonly stores: Stores;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: ServiceMetrics;
  /** Wakes the schedule, which is started after the ports are made. */
  readonly wakeSweeps: () => void;
}

export type Ports = ReturnType<typeof createPorts>['ports'];

export function createPorts(input: PortsInput) {
  const { config, stores, clock, log, metrics } = input;
  const { settings } = config;
  const hints: Hints = { hint: (ids) => queue.hint(ids) };
  const told = {
    entries: tellEntries(stores.entries, log),
    breaks: tellBreaks(stores.breaks, log),
  };
  const money = { ...stores, ...told, clock, log, settings, hints };
  const provider = createProviderApi({
    baseUrl: config.provider.url,
    token: config.provider.token.reveal(),
    clock,
    log,
  });
  const hintSender = createHintSender({ reach: config.boxHints, clock, log });
  const queue: WorkQueue = createWorkQueue({
    settle: (work) => settleSoon(money, work),
    resync: (id) => resyncOne({ ...money, provider, wake: queue }, id),
    hint: (ids) => hintBoxes({ boxes: stores.boxes, hintSender }, ids),
    noteSeen: (seen) => stores.boxes.noteSeen(seen),
    clock,
    log,
    metrics,
  });
  const ports = {
    ...money,
    provider,
    wake: queue,
    mint: systemMint,
    digest: sha256,
    wakeSweeps: input.wakeSweeps,
    readStanding: (rental: Parameters<typeof readStanding>[1]) => readStanding(money, rental),
    takeWords: (words: Parameters<typeof takeWords>[1]) =>
      takeWords({ ...money, wake: queue }, words),
  } satisfies AdminFlowDeps & Record<string, unknown>;
  return { ports, queue };
}
