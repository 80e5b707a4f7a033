/** The simulated region: a tierbox on each parcel that pairs, pays, polls and retries by itself. */
import { realClock } from '../../src/jobs/real-clock';
import { createSimBox, type SimBox } from '../sim-box/sim-box';
import type { StandingTold } from '../sim-box/shown';
import type { SimControl } from '../sim-provider/simulator';
import { randomFor } from '../sim-provider/random';
import { badNetwork } from './bad-network';
import { REGION, type DemoUnit } from './estate';
import type { PlannedPayment } from './plan';

export interface RegionOptions {
  readonly serviceUrl: string;
  readonly provider: Pick<SimControl, 'pay'>;
  readonly seed: number;
  readonly places: readonly { readonly unit: DemoUnit; readonly pairingCode: string }[];
}

export interface Region {
  /** L$ go into the box of a parcel: its own script and the provider's both see them. */
  pay(payment: Pick<PlannedPayment, 'unit' | 'payer' | 'amount'>): void;
  /** What each box was told last, by unit id; nothing where it was told nothing yet. */
  told(): ReadonlyMap<string, StandingTold>;
  state(): RegionState;
  stop(): Promise<void>;
}

export interface RegionState {
  readonly paired: number;
  /** Payments that wait in boxes to be acknowledged. */
  readonly waiting: number;
  readonly acknowledged: number;
  /** Payments that were refused for good; there should be none. */
  readonly refused: number;
  /** Boxes that have stopped; there should be none. */
  readonly halted: number;
  /** Calls and answers that were lost on their way, and that boxes had to repeat. */
  readonly lost: number;
}

/** What takes an hour in-world takes a little over a minute here. */
const BOX_TIME_SCALE = 1 / 50;
const LOST_SHARE = 0.15;
const SHARD = 'Production';

export function startRegion(options: RegionOptions): Region {
  const { provider } = options;
  const sites = options.places.map((place) => startSite(options, place));
  const byUnit = new Map(sites.map((site) => [site.unit.id, site]));
  return {
    pay({ unit, payer, amount }) {
      const event = byUnit.get(unit.id)?.box.pay({ payer: payer.key, name: payer.name, amount });
      // A box that takes no payments takes no L$, so that the provider hears of none either.
      if (event !== null && event !== undefined) provider.pay({ unit: unit.id, payer, amount });
    },
    told: () => new Map(sites.flatMap(({ unit, box }) => pairOf(unit.id, box.state().standing))),
    state: () => sumUp(sites),
    stop: async () => void (await Promise.all(sites.map(({ box }) => box.stop()))),
  };
}

interface Site {
  readonly unit: DemoUnit;
  readonly box: SimBox;
  readonly lost: () => number;
}

function startSite(
  { serviceUrl, seed }: RegionOptions,
  { unit, pairingCode }: RegionOptions['places'][number],
): Site {
  const random = randomFor(seed, 'demo-box', unit.id);
  const network = badNetwork(randomFor(seed, 'demo-network', unit.id), LOST_SHARE);
  const box = createSimBox({
    ...{ baseUrl: serviceUrl, clock: realClock, random, pairingCode },
    ...{ objectKey: random.uuid(), ownerKey: randomFor(seed, 'demo-owner').uuid() },
    ...{ shard: SHARD, region: REGION, retryScale: BOX_TIME_SCALE, fetch: network.fetch },
  });
  return { unit, box, lost: network.lost };
}

function pairOf(unit: string, standing: StandingTold | null): [string, StandingTold][] {
  return standing === null ? [] : [[unit, standing]];
}

function sumUp(sites: readonly Site[]): RegionState {
  const states = sites.map(({ box }) => box.state());
  const sum = (of: (state: (typeof states)[number]) => number): number =>
    states.reduce((total, state) => total + of(state), 0);
  return {
    paired: sum(({ standing }) => (standing === null ? 0 : 1)),
    waiting: sum(({ outbox }) => outbox),
    acknowledged: sum(({ acknowledged }) => acknowledged.length),
    refused: sum(({ dead }) => dead.length),
    halted: sum(({ halted }) => (halted === null ? 0 : 1)),
    lost: sites.reduce((total, { lost }) => total + lost(), 0),
  };
}
