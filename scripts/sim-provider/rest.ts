/**
 * `/v1`: the provider's REST API over the simulator's book; needs the bearer token for everything.
 */
import express, { Router, type RequestHandler } from 'express';
import { toRfc3339 } from '../../src/domain/time';
import { answer, onlyMethod, unknownPath } from './answers';
import {
  expiryChangeSchema,
  idempotencyKeySchema,
  lockChangeSchema,
  transactionListSchema,
  unitListSchema,
} from './bodies';
import type { Faults } from './faults';
import { transactionPage, unitPage } from './lists';
import { toWireTransaction, toWireUnit } from './records';
import { Refusal } from './refusal';
import type { Simulator } from './simulator';
import { hasToken } from './token';
import { setExpiry, setLock } from './unit-changes';

const MOST_BODY = '64kb';

export function restRoutes(simulator: Simulator, token: string): Router {
  const router = Router();
  router.use(demandToken(token));
  router.use(express.json({ limit: MOST_BODY, type: () => true }));
  addReads(router, simulator);
  addChanges(router, simulator);
  router.use(unknownPath);
  return router;
}

function addReads(router: Router, simulator: Simulator): void {
  router.get('/health', (_request, response) => {
    const { seq, time, faults } = simulator.state();
    answer(response, 200, { status: healthOf(faults), seq, time: toRfc3339(time) });
  });
  router.get('/transactions', (request, response) => {
    const query = transactionListSchema.parse(request.query);
    answer(response, 200, transactionPage(simulator.world, query));
  });
  router.get('/transactions/:id', (request, response) => {
    const transaction = simulator.transaction(request.params.id);
    if (transaction === undefined) throw new Refusal(404, 'There is no such transaction.');
    answer(response, 200, toWireTransaction(transaction));
  });
  router.get('/units', (request, response) => {
    const query = unitListSchema.parse(request.query);
    answer(response, 200, unitPage(simulator.world, query));
  });
  router.get('/units/:id', (request, response) => {
    const unit = simulator.unit(request.params.id);
    if (unit === undefined) throw new Refusal(404, 'There is no such unit.');
    answer(response, 200, toWireUnit(unit));
  });
  const paths = ['/health', '/transactions', '/transactions/:id', '/units', '/units/:id'];
  router.all(paths, onlyMethod('GET'));
}

function addChanges(router: Router, simulator: Simulator): void {
  router.put('/units/:id/expiry', (request, response) => {
    const key = idempotencyKeySchema.safeParse(request.get('Idempotency-Key'));
    if (!key.success) throw new Refusal(400, 'A change of expiry needs an Idempotency-Key.');
    const change = expiryChangeSchema.parse(request.body);
    const input = { id: request.params.id, key: key.data, change };
    answer(response, 200, toWireUnit(setExpiry(simulator.world, input)));
  });
  router.put('/units/:id/lock', (request, response) => {
    const change = lockChangeSchema.parse(request.body);
    const unit = setLock(simulator.world, { id: request.params.id, change });
    answer(response, 200, toWireUnit(unit));
  });
  router.all(['/units/:id/expiry', '/units/:id/lock'], onlyMethod('PUT'));
}

const demandToken =
  (token: string): RequestHandler =>
  (request, response, next) => {
    if (hasToken(request.get('Authorization'), token)) return next();
    response.set('WWW-Authenticate', 'Bearer');
    throw new Refusal(401, 'Send the token as `Authorization: Bearer …`.');
  };

/** The provider admits what stops payments or calls, and knows nothing of its other faults. */
function healthOf(faults: Faults): 'ok' | 'degraded' {
  const { stall, failRate, suspendRate, restErrorRate } = faults;
  return stall || failRate + suspendRate + restErrorRate > 0 ? 'degraded' : 'ok';
}
