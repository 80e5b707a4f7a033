/** The jobs that run unasked, bound to the ports; what they do stands in their flows. */
import type { Ports } from './ports';
import type { Config } from '../config';
import { sealSecretsAnew } from '../flows/boxes/seal-secrets-anew';
import { catchUp } from '../flows/upstream/catch-up';
import { runResync } from '../flows/resync/run-resync';
import { runSettleSweep } from '../flows/sweeps/run-settle-sweep';
import type { ServiceMetrics } from '../http/metrics';
import { followStream } from '../jobs/follow-stream';
import { startSchedule } from '../jobs/schedule';
import { nextReconnect } from '../provider/reconnect-policy';
import { createStatusStream } from '../provider/status-stream';

export interface Jobs {
  wakeSweeps(): void;
  stop(): Promise<void>;
}

export interface JobsInput {
  readonly config: Config;
  readonly ports: Ports;
  readonly metrics: ServiceMetrics;
  /** Unique among processes. */
  readonly holder: string;
}

export function startJobs(input: JobsInput): Jobs {
  const { config, ports, metrics, holder } = input;
  const following = followProvider(input);
  const schedule = startSchedule(
    { ...ports, metrics },
    {
      jobs: [
        {
          kind: 'settle',
          expression: config.sweeps.settleCron,
          run: (run) => runSettleSweep(ports, run),
        },
        {
          kind: 'resync',
          expression: config.sweeps.resyncCron,
          run: (run) => runResync(ports, run),
        },
      ],
      timeZone: config.settings.zone,
      holder,
    },
  );
  const ending = new AbortController();
  const sealing = sealSecretsAnew(ports, ending.signal);
  return {
    wakeSweeps: () => schedule.wake(),
    stop: async () => {
      ending.abort();
      await Promise.all([following.stop(), schedule.stop(), sealing]);
    },
  };
}

function followProvider({ config, ports, metrics, holder }: JobsInput) {
  const { clock, log } = ports;
  const stream = createStatusStream({
    baseUrl: config.provider.url,
    token: config.provider.token.reveal(),
    clock,
    log,
  });
  return followStream(
    {
      ...ports,
      stream,
      metrics,
      reconnect: nextReconnect,
      catchUp: (wanted) => catchUp(ports, wanted),
    },
    { holder },
  );
}
