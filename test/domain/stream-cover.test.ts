import fc from 'fast-check';
import { MAX_RANGES } from '../../src/domain/missing-ranges';
import { cursor, missing, waitForCatchUpMs } from '../../src/domain/stream-cover';
import { StreamModel, type Happening } from './stream-model';

const pick = fc.nat({ max: 7 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(3_000) }) },
  { weight: 8, arbitrary: fc.constant({ kind: 'emit' as const }) },
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('deliver' as const), pick }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('repeat' as const, 'lose' as const), pick }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('beat' as const, 'skip' as const, 'store' as const, 'dial' as const),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('ask' as const, 'first-page' as const, 'last-page' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('cut' as const, 'crash' as const, 'renumber' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('trim' as const), keep: pick }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'give-up' as const }) },
);
const history = fc.array(happening, { maxLength: 120, size: 'max' });
/** Our clock may run far behind the provider's, or ahead of it. */
const skewMs = fc.constantFrom(0, -1, 2_500, -2_500, 600_000, -600_000);

describe('the cover of the status stream', () => {
  it('never claims to have seen an event that was neither heard nor fetched', () => {
    fc.assert(
      fc.property(history, skewMs, (happenings, skew) => {
        const model = new StreamModel(skew);
        for (const what of happenings) {
          model.happen(what);
          expectHonest(model);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('moves the horizon neither backwards nor ahead of our own clock', () => {
    fc.assert(
      fc.property(history, skewMs, (happenings, skew) => {
        const model = new StreamModel(skew);
        let before = -Infinity;
        for (const what of happenings) {
          model.happen(what);
          if (what.kind === 'crash') before = model.stored.horizon ?? -Infinity;
          const horizon = model.cover?.horizon ?? before;
          if (horizon < before || horizon > model.now) {
            throw new Error(`It went from ${before} to ${horizon} at ${model.now}.`);
          }
          before = horizon;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('covers everything, and reaches the present, once the link is sound again', () => {
    fc.assert(
      fc.property(history, skewMs, (happenings, skew) => {
        const model = new StreamModel(skew);
        for (const what of happenings) model.happen(what);
        const beatAt = heal(model);
        expect(model.events.filter((event) => !model.isCovered(event))).toEqual([]);
        expect(model.cover).toMatchObject({ missing: [], snapshotFor: null, horizon: beatAt });
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps a bounded list of what is missing, however badly the link behaves', () => {
    const model = new StreamModel(0);
    model.happen({ kind: 'dial' });
    for (let n = 0; n < 3 * MAX_RANGES; n += 1) {
      model.happen({ kind: 'skip' });
      model.happen({ kind: 'emit' });
      model.happen({ kind: 'deliver', pick: 0 });
      expect(cover(model).missing.length).toBeLessThanOrEqual(MAX_RANGES);
    }
    expectHonest(model);
    heal(model);
    expect(model.cover).toMatchObject({ missing: [], snapshotFor: null });
  });
});

/** Nothing before the horizon, and nothing up to a cursor, may be unknown to us. */
function expectHonest(model: StreamModel): void {
  const places = [model.stored.cursor, model.cover === null ? null : cursor(model.cover)];
  const horizons = [model.stored.horizon, model.cover?.horizon ?? null];
  for (const event of model.events) {
    if (model.isCovered(event)) continue;
    for (const horizon of horizons) {
      if (horizon !== null && event.time < horizon) throw new Error(claimed(event, 'horizon'));
    }
    for (const place of places) {
      if (place !== null && place.streamId === event.streamId && event.seq <= place.seq) {
        throw new Error(claimed(event, 'cursor'));
      }
    }
  }
}

const claimed = (event: unknown, by: string): string =>
  `The ${by} claims ${JSON.stringify(event)}, which nobody saw.`;

/** A sound link, a provider that answers, and time; answers the horizon that is then due. */
function heal(model: StreamModel): number {
  const deliverAll = (): void => {
    while (model.frames > 0) model.happen({ kind: 'deliver', pick: 0 });
  };
  model.happen({ kind: 'give-up' });
  model.happen({ kind: 'dial' });
  deliverAll();
  for (let round = 0; round < 3; round += 1) {
    model.happen({ kind: 'pass', ms: 6_000 });
    for (const kind of ['ask', 'first-page', 'last-page'] as const) model.happen({ kind });
  }
  // Our clock may be ten minutes behind: wait until it has passed the provider's heartbeat.
  model.happen({ kind: 'beat' });
  const beatAt = model.now - model.skewMs;
  model.happen({ kind: 'pass', ms: 600_000 });
  deliverAll();
  expect(waitForCatchUpMs(cover(model), model.now)).toBeNull();
  expect(missing(cover(model))).toEqual([]);
  return beatAt;
}

function cover(model: StreamModel): NonNullable<StreamModel['cover']> {
  if (model.cover === null) throw new Error('The follower is not running.');
  return model.cover;
}
