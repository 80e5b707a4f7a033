/** The HTTP app with its doors, bound to the ports; listens nowhere by itself. */
import { bindAdminFlows } from './admin';
import type { Ports } from './ports';
import type { Config } from '../config';
import { checkReadiness, type ReadinessDeps } from '../flows/check-readiness';
import { createOpenApiRouter } from '../http/admin/openapi';
import { createAdminRouter } from '../http/admin/router';
import { createReadiness, health } from '../http/health';
import {
  createCallBudget,
  createFailureBudget,
  createStrangerBudget,
} from '../http/inworld/call-budget';
import { createInworldDoor } from '../http/inworld/door';
import { bindInworldFlows } from '../http/inworld/inworld-flows';
import { createNonceMemory } from '../http/inworld/nonce-memory';
import type { ServiceMetrics } from '../http/metrics';
import { createApp } from '../http/server';

export interface DoorsInput {
  readonly config: Config;
  readonly ports: Ports;
  readonly metrics: ServiceMetrics;
  readonly database: ReadinessDeps['database'];
}

export function createDoors({ config, ports, metrics, database }: DoorsInput) {
  const { clock, log, settings } = ports;
  const inworld = createInworldDoor({
    flows: bindInworldFlows({
      ...ports,
      nonces: { ...createNonceMemory(), claim: ports.nonces.claim },
      budget: createCallBudget(),
      strangers: createStrangerBudget(),
    }),
    zone: settings.zone,
    clock,
    log,
    failures: createFailureBudget(),
    measure: metrics.measureBoxCall,
  });
  const readiness = createReadiness(
    () => checkReadiness({ ...ports, database, streamState: metrics.currentStreamState }),
    clock,
  );
  return createApp({
    inworld,
    admin: createAdminRouter({ flows: bindAdminFlows(ports), log, clock }),
    health,
    readiness,
    openapi: createOpenApiRouter(),
    trustedProxies: config.http.trustedProxies,
    clock,
    log,
  });
}
