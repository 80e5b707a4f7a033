/** A dry run lists what the real one then does, in the same words, and changes nothing. */
import { lindens } from '../../src/domain/money';
import type { Repair } from '../../src/domain/sweep';
import { DAY_MS, plusMs, plusSeconds, WEEK_SECONDS } from '../../src/domain/time';
import { agent, START } from '../support/estate';
import { createResyncWorld, PAID_UNTIL, UNIT, type ResyncWorld } from './resync-world';

const resetTo = (ms: number) => ({ status: 'overdue', rentedUntil: plusMs(START, ms) }) as const;

const HARMS: readonly (readonly [string, (world: ResyncWorld) => unknown])[] = [
  ['was reset to overdue', ({ provider }) => provider.sayUnit(UNIT, resetTo(-DAY_MS))],
  [
    'lost all its time',

    ({ provider }) => provider.sayUnit(UNIT, { status: 'overdue', rentedUntil: null }),
  ],
  ['is let to another', ({ provider }) => provider.sayUnit(UNIT, { tenant: agent(9) })],
  [
    'has time that nobody paid',

    ({ provider }) => provider.sayUnit(UNIT, { rentedUntil: plusMs(PAID_UNTIL, 3 * DAY_MS) }),
  ],
  [
    'has time of a payment that we missed',

    ({ provider }) => {
      const paid = { unitId: UNIT, payer: agent(1), amount: lindens(700), paidAt: START };
      provider.say('tx-missed', { ...paid, state: 'completed', stateWord: 'completed' });
      provider.sayUnit(UNIT, { rentedUntil: plusSeconds(PAID_UNTIL, WEEK_SECONDS) });
    },
  ],
  ['is in step', () => undefined],
];

const said = (repairs: readonly Repair[]) =>
  repairs.map(({ rentalId, kind, before, after }) => ({ rentalId, kind, before, after }));

describe.each(HARMS)('a dry run over a unit that %s', (_, harm) => {
  it('lists what the real run then does', async () => {
    const world = await createResyncWorld();
    harm(world);
    const dry = await world.run('resync', { dryRun: true });
    expect([world.expiries, world.breaks.all()]).toEqual([[], []]);
    const real = await world.run('resync');
    expect(said(dry.repairs)).toEqual(said(real.repairs));
    expect(dry.record.counts).toEqual(real.record.counts);
  });

  it('lists it no more when that is done, or a person has been called', async () => {
    const world = await createResyncWorld();
    harm(world);
    await world.run('resync');
    const dry = await world.run('resync', { dryRun: true });
    const real = await world.run('resync');
    expect(said(dry.repairs)).toEqual(said(real.repairs));
    expect(dry.record.counts).toEqual(real.record.counts);
  });
});

it('a dry run counts a unit that the provider would not set, and lists no repair', async () => {
  const world = await createResyncWorld('by-hand');
  world.provider.sayUnit(UNIT, resetTo(-DAY_MS));
  await world.run('resync');
  const dry = await world.run('resync', { dryRun: true });
  const real = await world.run('resync');
  expect([dry.repairs, dry.record.counts]).toEqual([[], real.record.counts]);
});
