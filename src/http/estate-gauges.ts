/**
 * Numbers of the whole estate, read from the stores at each scrape; all processes show the same.
 */
import { Gauge, type Registry } from 'prom-client';
import { BREAK_KINDS, type BreakKind } from '../domain/break';
import { PAYMENT_STATES } from '../domain/payments/payment';
import type { Instant } from '../domain/time';
import type { Log } from '../flows/ports/log-port';
import type { PaymentSummary } from '../flows/ports/upkeep-ports';

/** Each may fail with its store; then its numbers are missing from the scrape. */
export interface EstateReadings {
  readonly payments: () => Promise<PaymentSummary>;
  readonly breaksOpen: () => Promise<Partial<Record<BreakKind, number>>>;
  readonly asides: () => Promise<number>;
  readonly foreignTransactions: () => Promise<number>;
  readonly horizon: () => Promise<Instant | null>;
  readonly now: () => Instant;
  readonly log: Log;
}

export function registerEstateGauges(registry: Registry, readings: EstateReadings): void {
  registerPayments(registry, readings);
  registerBreaks(registry, readings);
  registerHorizon(registry, readings);
  const { asides, foreignTransactions } = readings;
  registerNumber(registry, readings, {
    name: 'tierbridge_asides',
    help: 'Frames and rows that could not be read, kept for a person.',
    read: asides,
  });
  registerNumber(registry, readings, {
    name: 'tierbridge_foreign_transactions',
    help: 'Transactions kept for units that are none of ours.',
    read: foreignTransactions,
  });
}

function registerPayments(registry: Registry, readings: EstateReadings): void {
  const summary = shared(readings.payments);
  new Gauge({
    name: 'tierbridge_payments',
    help: 'Payments, by state.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      this.reset();
      await reading(readings, 'payments', async () => {
        const { byState } = await summary();
        for (const state of PAYMENT_STATES) this.set({ state }, byState[state] ?? 0);
      });
    },
  });
  registerNumber(registry, readings, {
    name: 'tierbridge_unresolved_payments',
    help: 'Payments that are neither credited, reversed, refunded nor dismissed.',
    read: async () => (await summary()).unresolved,
  });
  registerNumber(registry, readings, {
    name: 'tierbridge_oldest_unresolved_payment_age_seconds',
    help: 'Age of the oldest unresolved payment; 0 where there is none.',
    read: async () => {
      const since = (await summary()).oldestUnresolvedAt;
      return since === null ? 0 : Math.max(0, (readings.now() - since) / 1000);
    },
  });
}

function registerBreaks(registry: Registry, readings: EstateReadings): void {
  new Gauge({
    name: 'tierbridge_breaks_open',
    help: 'Differences that no rule could settle and nobody has resolved, by kind.',
    labelNames: ['kind'],
    registers: [registry],
    async collect() {
      this.reset();
      await reading(readings, 'breaks', async () => {
        const open = await readings.breaksOpen();
        for (const kind of BREAK_KINDS) this.set({ kind }, open[kind] ?? 0);
      });
    },
  });
}

function registerHorizon(registry: Registry, readings: EstateReadings): void {
  new Gauge({
    name: 'tierbridge_evidence_horizon_age_seconds',
    help: 'How long ago the instant lies up to which everything the provider did has been seen.',
    registers: [registry],
    async collect() {
      this.remove();
      await reading(readings, 'horizon', async () => {
        const horizon = await readings.horizon();
        if (horizon !== null) this.set(Math.max(0, (readings.now() - horizon) / 1000));
      });
    },
  });
}

function registerNumber(
  registry: Registry,
  readings: EstateReadings,
  number: { readonly name: string; readonly help: string; readonly read: () => Promise<number> },
): void {
  const { name, help, read } = number;
  new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      this.remove();
      await reading(readings, name, async () => this.set(await read()));
    },
  });
}

/** Gauges of one scrape that rest on the same reading wait for one. */
function shared<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let pending: Promise<Value> | null = null;
  return () => {
    pending ??= read().finally(() => {
      pending = null;
    });
    return pending;
  };
}

/** A store that cannot answer costs its own numbers, not the scrape. */
async function reading(
  { log }: EstateReadings,
  what: string,
  read: () => Promise<void>,
): Promise<void> {
  try {
    await read();
  } catch (error) {
    log.debug('metric could not be read', { what, error });
  }
}
