/** A unit that the provider has let anew while our tenant of before is in grace. */
import { lindens } from '../../src/domain/money';
import type { TxState } from '../../src/domain/payments/transaction';
import { DAY_MS, plusMs } from '../../src/domain/time';
import { takeWords } from '../../src/flows/upstream/take-words';
import { agent } from '../support/estate';
import { createResyncWorld, UNIT } from './resync-world';

/** The first tenant's week ended a day ago; somebody else was let in, and has paid. */
async function reLet(payer: number, tenant: number | null, state: TxState) {
  const world = await createResyncWorld();
  await world.clock.advance(8 * DAY_MS);
  const now = world.clock.now();
  const rentedUntil = plusMs(now, 7 * DAY_MS);
  const unit = world.provider.sayUnit(UNIT, { tenant: agent(2), rentedUntil, status: 'rented' });
  const named = tenant === null ? null : agent(tenant);
  const paid = { unitId: UNIT, tenant: named, amount: lindens(700), paidAt: now };
  const tx = world.provider.say('tx-2', {
    ...{ ...paid, payer: agent(payer), state, stateWord: state },
  });
  const heard = { streamRank: 1, witness: 'stream', differences: 'ask-for-resync' } as const;
  await takeWords(world.deps, { ...heard, transactions: [tx], units: [unit] });
  const kinds = () => world.breaks.all().map(({ kind }) => kind);
  return { ...world, kinds };
}

it.each([
  ['the newcomer has paid', 2],
  ['a friend of the newcomer has paid', 3],
])('is no eviction where only %s', async (_, payer) => {
  const world = await reLet(payer, 2, 'completed');
  const dry = await world.run('resync', { dryRun: true });
  expect(dry.repairs).toEqual([]);
  await world.run('resync');
  expect(world.kinds()).toEqual(['tenant-differs']);
});

it.each([
  ['the tenant of before has paid once more', 1, 2],
  ['somebody has paid for the tenant of before', 3, 1],
  ['nobody says for whom somebody has paid', 3, null],
])('is one where %s', async (_, payer, tenant) => {
  const world = await reLet(payer, tenant, 'queued');
  await world.run('resync');
  expect(world.kinds()).toContain('evicted-upstream');
});
