/** The admin API over an estate in memory: keys of every role, a client, and what is stored. */
import express, { type Express } from 'express';
import request, { type Response, type Test } from 'supertest';
import { bindAdminFlows, type AdminFlowDeps } from '../../../src/compose/admin';
import type { AccessKey, Role } from '../../../src/domain/access';
import type { Rental } from '../../../src/domain/rental';
import { createAdminRouter } from '../../../src/http/admin/router';
import { systemMint } from '../../../src/http/inworld/mint';
import { sha256 } from '../../../src/http/sha256';
import { createEstate, START, type Estate } from '../../support/estate';
import { createFakeAsideStore } from '../../support/fakes/aside-store';
import { createFakeAuditStore } from '../../support/fakes/audit-store';
import { createFakeBoxStore } from '../../support/fakes/box-store';
import { createFakeFollowerStore } from '../../support/fakes/follower-store';
import { createFakeKeyStore } from '../../support/fakes/key-store';
import { createFakePaymentStore } from '../../support/fakes/payment-store';
import { FakeProvider } from '../../support/fakes/provider';
import { createFakeReferenceStore } from '../../support/fakes/reference-store';
import { createFakeRequestStore } from '../../support/fakes/request-store';
import { createFakeSweepStore } from '../../support/fakes/sweep-store';
import { createFakeUnitStore } from '../../support/fakes/unit-store';
import { createRecordedLog, type RecordedLog } from '../../support/recorded-log';

export const BASE = '/api/admin/v1';

export interface AdminWorld {
  readonly app: Express;
  readonly estate: Estate;
  readonly ports: AdminFlowDeps;
  readonly provider: FakeProvider;
  readonly log: RecordedLog;
  readonly woken: string[];
  /** Texts of the keys `viewer`, `manager`, `owner` and of those limited to `Dream Bay`. */
  readonly keys: Readonly<Record<KeyName, string>>;
  get(path: string, as?: KeyName): Test;
  /** Under a new Idempotency-Key, unless one is given. */
  post(path: string, body: object, how?: SendOptions): Test;
  patch(path: string, body: object, how?: SendOptions): Test;
  rental(rental: Rental): Promise<Rental>;
  audits(): Promise<readonly { action: string; subject: string; author: string }[]>;
}

export interface SendOptions {
  readonly as?: KeyName;
  readonly key?: string;
}

export type KeyName = Role | 'bayViewer' | 'bayManager' | 'bayOwner';

export async function createAdminWorld(
  change: (ports: AdminFlowDeps) => Partial<AdminFlowDeps> = () => ({}),
): Promise<AdminWorld> {
  const estate = createEstate();
  const provider = new FakeProvider({ now: () => estate.clock.now() });
  const log = createRecordedLog();
  const woken: string[] = [];
  const fakes = portsOf(estate, provider, { log, woken });
  const ports: AdminFlowDeps = { ...fakes, ...change(fakes) };
  const keys = await keysOf(ports);
  const app = express();
  app.set('trust proxy', 1);
  app.use(BASE, createAdminRouter({ flows: bindAdminFlows(ports), log, clock: estate.clock }));
  let sent = 0;
  const send =
    (method: 'post' | 'patch') =>
    (path: string, body: object, how: SendOptions = {}) =>
      request(app)
        [method](`${BASE}${path}`)
        .set('Authorization', `Bearer ${keys[how.as ?? 'owner']}`)
        .set('Idempotency-Key', how.key ?? `request-${(sent += 1)}`)
        .send(body);
  return {
    ...{ app, estate, ports, provider, log, woken, keys },
    get: (path, as = 'viewer') =>
      request(app).get(`${BASE}${path}`).set('Authorization', `Bearer ${keys[as]}`),
    post: send('post'),
    patch: send('patch'),
    async rental(rental) {
      await ports.rentals.save([rental]);
      return { ...rental, rev: 1 };
    },
    async audits() {
      const query = { subject: null, regions: [], limit: 200, cursor: null };
      return (await ports.audit.list(query)).rows;
    },
  };
}

function portsOf(
  estate: Estate,
  provider: FakeProvider,
  { log, woken }: { readonly log: RecordedLog; readonly woken: string[] },
): AdminFlowDeps {
  const regionOf = (id: Rental['id']): string | null =>
    estate.rentals.all().find((rental) => rental.id === id)?.region ?? null;
  const references = createFakeReferenceStore();
  return {
    ...estate.deps,
    log,
    provider: provider.api,
    boxes: createFakeBoxStore(regionOf),
    units: createFakeUnitStore(),
    references,
    payments: createFakePaymentStore({ ...estate, references }),
    sweeps: createFakeSweepStore(),
    audit: createFakeAuditStore(),
    requests: createFakeRequestStore(),
    keys: createFakeKeyStore(),
    follower: createFakeFollowerStore(),
    asides: createFakeAsideStore(),
    mint: systemMint,
    digest: sha256,
    wakeSweeps: () => void woken.push('sweeps'),
  };
}

async function keysOf({ keys }: AdminFlowDeps): Promise<Record<KeyName, string>> {
  const texts = {} as Record<KeyName, string>;
  for (const role of ['viewer', 'manager', 'owner'] as const) {
    texts[role] = await keep(keys, { name: role, role, regions: [] });
    const limited = `bay${role[0]!.toUpperCase()}${role.slice(1)}` as KeyName;
    texts[limited] = await keep(keys, { name: limited, role, regions: ['Dream Bay'] });
  }
  return texts;
}

async function keep(
  keys: AdminFlowDeps['keys'],
  key: Pick<AccessKey, 'name' | 'role' | 'regions'>,
): Promise<string> {
  const text = `${key.name}-key-of-more-than-thirty-two-characters`;
  const id = `key_${key.name}`;
  await keys.save({ ...key, id, hash: sha256(text), createdAt: START, revokedAt: null });
  return text;
}

/** The type of a problem without its common beginning. */
export const problem = (response: Response): string =>
  String((response.body as { type?: unknown }).type).replace('urn:tierbridge:problem:', '');
