import fc from 'fast-check';
import { nextReconnect, type EndedLink } from '../../src/provider/reconnect-policy';

const link = (changes: Partial<EndedLink> = {}): EndedLink => ({
  end: { retry: 'backoff', retryMs: null },
  failures: 0,
  healthyMs: 0,
  ...changes,
});
const ALMOST_ONE = 1 - Number.EPSILON;

describe('the reconnect policy', () => {
  it('doubles its longest pause from half a second to thirty', () => {
    const pauses = [0, 1, 2, 3, 4, 5, 6, 7, 5_000].map((failures) =>
      nextReconnect(link({ failures }), ALMOST_ONE),
    );
    expect(pauses.map((next) => next.kind === 'wait' && next.delayMs)).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  it('waits anything from nothing up to that, as chance will have it', () => {
    expect(nextReconnect(link({ failures: 3 }), 0)).toMatchObject({ delayMs: 0 });
    expect(nextReconnect(link({ failures: 3 }), 0.5)).toMatchObject({ delayMs: 2_000 });
  });

  it('begins anew after a minute of health, and not before', () => {
    const healthy = link({ failures: 9, healthyMs: 60_000 });
    expect(nextReconnect(healthy, ALMOST_ONE)).toEqual({ kind: 'wait', delayMs: 500, failures: 1 });
    const shaky = link({ failures: 9, healthyMs: 59_999 });
    expect(nextReconnect(shaky, ALMOST_ONE)).toMatchObject({ delayMs: 30_000, failures: 10 });
  });

  it('does not come back with a token that was refused', () => {
    const refused = link({ end: { retry: 'never', retryMs: 1_000 }, healthyMs: 1e9 });
    expect(nextReconnect(refused, 0)).toEqual({ kind: 'never' });
  });

  it('stays away as long as a bye asks for, but not for ever', () => {
    const asked = (retryMs: number) => link({ end: { retry: 'backoff', retryMs } });
    expect(nextReconnect(asked(7_000), 0)).toMatchObject({ delayMs: 7_000 });
    expect(nextReconnect(asked(7_000), 0.5)).toMatchObject({ delayMs: 7_250 });
    expect(nextReconnect(asked(1e12), 0)).toMatchObject({ delayMs: 300_000 });
    expect(nextReconnect(asked(-1), 0)).toMatchObject({ delayMs: 0 });
  });

  it('always answers a pause between nothing and its bounds', () => {
    fc.assert(
      fc.property(
        fc.record({
          failures: fc.nat(),
          healthyMs: fc.nat(),
          end: fc.record({
            retry: fc.constant('backoff' as const),
            retryMs: fc.option(fc.nat()),
          }),
        }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (ended, random) => {
          const next = nextReconnect(ended, random);
          if (next.kind !== 'wait') throw new Error('It gave up.');
          expect(next.delayMs).toBeGreaterThanOrEqual(0);
          expect(next.delayMs).toBeLessThanOrEqual(330_000);
        },
      ),
    );
  });
});
