import fc from 'fast-check';
import { readTransaction, readUnit } from '../../src/provider/messages';
import { AGENT, AT, transactionRow, unitRow, type Row } from './words';

function transaction(changes: Row) {
  const reading = readTransaction(transactionRow(changes));
  if (reading.kind === 'fault') throw new Error(reading.fault);
  return reading.word;
}

function unit(changes: Row) {
  const reading = readUnit(unitRow(changes));
  if (reading.kind === 'fault') throw new Error(reading.fault);
  return reading.word;
}

const faultOf = (changes: Row) => readTransaction(transactionRow(changes));

describe('a transaction as the provider writes it', () => {
  it('is read into our words, instants and identities', () => {
    expect(transaction({ paidAt: '2026-02-19T08:57:00-08:00' })).toEqual({
      txId: 'tx-1',
      version: 3,
      unitId: 'unit-1',
      payer: { key: AGENT, name: 'Ada Resident' },
      tenant: null,
      amount: 250,
      paidAt: Date.parse('2026-02-19T16:57:00Z'),
      state: 'completed',
      stateWord: 'completed',
      message: '',
      creditedSeconds: 604_800,
      unitVersion: 12,
      updatedAt: Date.parse(AT),
    });
  });

  it('knows an agent by the key in lower case, whatever the name', () => {
    const payer = { key: AGENT.toUpperCase(), name: '𝓐da\u0000 🦊 \u202Eresident' };
    expect(transaction({ payer }).payer).toEqual({ key: AGENT, name: payer.name });
    expect(transaction({ payer: { key: AGENT } }).payer).toEqual({ key: AGENT, name: '' });
    expect(transaction({ payer: { key: AGENT, name: null } }).payer.name).toBe('');
  });

  it('is not lost over a name that is too long or half a character', () => {
    const name = 'x'.repeat(100_000);
    expect(transaction({ payer: { key: AGENT, name } }).payer.name).toHaveLength(500);
    const half = transaction({ payer: { key: AGENT, name: 'a\uD83E' } }).payer.name;
    expect(half).toBe('a\uFFFD');
  });

  it('carries a state word that nobody knows', () => {
    expect(transaction({ state: 'Quarantined' })).toMatchObject({
      state: 'unknown',
      stateWord: 'Quarantined',
    });
    expect(transaction({ state: 'unknown' }).state).toBe('unknown');
  });

  it('passes over fields that nobody knows, and reads absent ones as null', () => {
    const row = { ...transactionRow({ paidAt: undefined, colour: { deep: [1] } }) };
    const reading = readTransaction(JSON.parse(JSON.stringify(row)));
    expect(reading).toMatchObject({ kind: 'read', word: { paidAt: null } });
    expect(reading).not.toHaveProperty('word.colour');
  });

  it('takes the nil key for no tenant', () => {
    const key = '00000000-0000-0000-0000-000000000000';
    expect(transaction({ tenant: { key, name: '' } }).tenant).toBeNull();
    expect(unit({ tenant: { key, name: '' } }).tenant).toBeNull();
  });

  it.each<[string, Row]>([
    ['an amount of nothing', { amount: 0 }],
    ['an amount of a fraction', { amount: 2.5 }],
    ['an amount beyond the grid', { amount: 2 ** 31 }],
    ['an amount in words', { amount: '250' }],
    ['an infinite amount', { amount: Infinity }],
    ['no version', { version: undefined }],
    ['a version that a number cannot hold', { version: 1e300 }],
    ['a negative credit', { creditedSeconds: -1 }],
    ['an empty id', { id: '' }],
    ['an id of 65 characters', { id: 'x'.repeat(65) }],
    ['an id with a blank', { id: 'a b' }],
    ['a payer without a key', { payer: { name: 'Ada' } }],
    ['a payer whose key is none', { payer: { key: 'ada', name: '' } }],
    ['no payer', { payer: null }],
    ['a time without a zone', { updatedAt: '2026-02-19T16:57:00' }],
    ['a time in numbers', { updatedAt: 1_771_520_220 }],
    ['a time before there was a grid', { paidAt: '1970-01-01T00:00:00Z' }],
  ])('is refused, and said to be, with %s', (_, changes) => {
    expect(faultOf(changes)).toMatchObject({ kind: 'fault' });
  });

  it('never shows in a fault what it held', () => {
    const reading = faultOf({ id: 'not an id, but a secret', amount: 'another secret' });
    expect(reading).toEqual({
      kind: 'fault',
      fault: 'id: This is not a well-formed transaction id.; ' + AMOUNT_FAULT,
    });
  });
});

const AMOUNT_FAULT = 'amount: Invalid input: expected number, received string';

describe('a unit as the provider writes it', () => {
  it('is read into our words', () => {
    expect(unit({})).toEqual({
      unitId: 'unit-1',
      version: 12,
      objectKey: '0f3a5b7c-9d11-4c7b-8e21-6d0c1b2e9a4f',
      name: 'Box 7',
      region: 'Mole Hill',
      parcel: 'Shore',
      tenant: { key: AGENT, name: '' },
      rentedUntil: Date.parse('2026-03-01T00:00:00Z'),
      status: 'rented',
      price: 250,
      term: 'week',
      locked: false,
      updatedAt: Date.parse(AT),
    });
  });

  it('is read without tenant, time, price, term and lock', () => {
    const { tenant, rentedUntil, price, term, locked, ...rest } = unitRow({ objectKey: null });
    expect([tenant, rentedUntil, price, term, locked]).not.toContain(undefined);
    expect(readUnit(rest)).toMatchObject({
      word: {
        objectKey: null,
        tenant: null,
        rentedUntil: null,
        price: null,
        term: null,
        locked: false,
      },
    });
  });

  it('carries a status, and passes over a term, that nobody knows', () => {
    expect(unit({ status: 'haunted', term: 'fortnight', price: 0 })).toMatchObject({
      status: 'unknown',
      term: null,
      price: null,
    });
  });
});

describe('whatever else comes', () => {
  it('is a fault that fits in a log line, and never thrown', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()), (value, changes) => {
        for (const row of [value, transactionRow(changes), unitRow(changes)]) {
          for (const reading of [readTransaction(row), readUnit(row)]) {
            if (reading.kind === 'fault') expect(reading.fault.length).toBeLessThanOrEqual(300);
          }
        }
      }),
    );
  });
});
