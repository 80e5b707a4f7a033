/**
 * `/sim`: the control API, for whoever rehearses or judges. It is spared by every fault, asks for
 * no token, and therefore belongs on a loopback address.
 */
import express, { Router } from 'express';
import { toRfc3339 } from '../../src/domain/time';
import { answer, unknownPath } from './answers';
import {
  addUnitsSchema,
  noticeSchema,
  paymentSchema,
  resetSchema,
  stateQuerySchema,
  truthListSchema,
  unitChangeSchema,
} from './bodies';
import { faultsSchema } from './faults';
import { transactionPage, unitPage } from './lists';
import { instantOrNull, toWireTransaction, toWireUnit } from './records';
import type { Simulator } from './simulator';
import type { Effect, RealPayment } from './truth';

const MOST_BODY = '16mb';

export function controlRoutes(simulator: Simulator): Router {
  const router = Router();
  router.use(express.json({ limit: MOST_BODY, type: () => true }));
  addPayments(router, simulator);
  addUnitRoutes(router, simulator);
  addRehearsal(router, simulator);
  addTruth(router, simulator);
  router.use(unknownPath);
  return router;
}

function addPayments(router: Router, simulator: Simulator): void {
  router.post('/payments', (request, response) => {
    const payment = paymentSchema.parse(request.body);
    answer(response, 201, toWireTransaction(simulator.pay(payment)));
  });
  router.post('/transactions/:id/reverse', (request, response) => {
    answer(response, 200, toWireTransaction(simulator.reverse(request.params.id)));
  });
  router.post('/transactions/:id/reinstate', (request, response) => {
    answer(response, 200, toWireTransaction(simulator.reinstate(request.params.id)));
  });
}

function addUnitRoutes(router: Router, simulator: Simulator): void {
  router.post('/units', (request, response) => {
    const wanted = addUnitsSchema.parse(request.body);
    if ('count' in wanted) {
      simulator.addUnits(wanted.count);
      return answer(response, 201, { added: wanted.count });
    }
    if ('units' in wanted) {
      const units = wanted.units.map((unit) => toWireUnit(simulator.addUnit(unit)));
      return answer(response, 201, { data: units });
    }
    return answer(response, 201, toWireUnit(simulator.addUnit(wanted)));
  });
  router.patch('/units/:id', (request, response) => {
    const change = unitChangeSchema.parse(request.body);
    answer(response, 200, toWireUnit(simulator.changeUnit(request.params.id, change)));
  });
}

function addRehearsal(router: Router, simulator: Simulator): void {
  router.post('/faults', (request, response) => {
    simulator.setFaults(faultsSchema.parse(request.body));
    answer(response, 200, summary(simulator));
  });
  router.post('/notices', (request, response) => {
    simulator.notice(noticeSchema.parse(request.body));
    answer(response, 201, { seq: simulator.state().seq });
  });
  router.post('/reset', (request, response) => {
    simulator.reset(resetSchema.parse(request.body ?? {}));
    answer(response, 200, summary(simulator));
  });
  router.get('/state', (request, response) => {
    const query = stateQuerySchema.parse(request.query);
    const { limit, unitsCursor, transactionsCursor } = query;
    const units = unitPage(simulator.world, { limit, cursor: unitsCursor });
    const transactions = transactionPage(simulator.world, { limit, cursor: transactionsCursor });
    answer(response, 200, {
      ...summary(simulator),
      ...{ units: units.data, unitsNext: units.next },
      ...{ transactions: transactions.data, transactionsNext: transactions.next },
    });
  });
}

/** What was paid and what faults did, oldest first; `next` is a place in the list. */
function addTruth(router: Router, simulator: Simulator): void {
  router.get('/payments', (request, response) => {
    const { cursor, limit } = truthListSchema.parse(request.query);
    const payments = simulator.payments();
    const data = payments.slice(cursor, cursor + limit).map(toWirePayment);
    answer(response, 200, { data, next: nextPlace(cursor + limit, payments.length) });
  });
  router.get('/effects', (request, response) => {
    const { cursor, limit } = truthListSchema.parse(request.query);
    const effects = simulator.effects();
    const data = effects.slice(cursor, cursor + limit).map(toWireEffect);
    answer(response, 200, { data, next: nextPlace(cursor + limit, effects.length) });
  });
  router.get('/units/:id/rightful', (request, response) => {
    const rentedUntil = instantOrNull(simulator.rightfulUntil(request.params.id));
    answer(response, 200, { unit: request.params.id, rentedUntil });
  });
}

function summary(simulator: Simulator) {
  const state = simulator.state();
  return { ...state, time: toRfc3339(state.time) };
}

const nextPlace = (end: number, length: number): string | null =>
  end < length ? String(end) : null;

function toWirePayment(payment: RealPayment) {
  const { paidAt, takenAt } = payment;
  return { ...payment, paidAt: toRfc3339(paidAt), takenAt: toRfc3339(takenAt) };
}

function toWireEffect(effect: Effect) {
  const { at, from, to } = effect;
  return { ...effect, at: toRfc3339(at), from: instantOrNull(from), to: instantOrNull(to) };
}
