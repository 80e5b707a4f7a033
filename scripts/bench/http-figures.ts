/** Signed intake, and signed reads of a standing, each against a bare route of the same work. */
import { figureOf, interleaved, rounded, type Figure } from './figure';
import type { Ground, GroundDatabase } from './ground';
import { CONNECTIONS, openHttpStand, type HttpStand } from './http-stand';
import { until } from './until';

const INTAKE_CALLS = 4_000;
const STANDING_CALLS = 10_000;
/** The bare side must not be slowed by what our side left to be done. */
const SETTLES_WITHIN = { everyMs: 250, mostMs: 120_000 };

export async function measureIntake(ground: Ground): Promise<Figure> {
  const stand = await openHttpStand(ground);
  try {
    const seen: SeenSlices = { ours: [], bare: [] };
    const rounds = await interleaved({
      note: (text) => ground.note(`  ${text} payments a second`),
      ours: async () => {
        const perSecond = await slice(stand, seen, { call: 'events', to: 'service' });
        await until('reports looked at', () => isSettled(stand.database), SETTLES_WITHIN);
        return perSecond;
      },
      bare: () => slice(stand, seen, { call: 'events', to: 'bare' }),
    });
    return figureOf({
      figure: 'intake',
      mark: 0.85,
      unit: 'payments a second',
      against: 'a bare Express route that makes the same single durable insert',
      rounds,
      beside: besideOf(seen),
    });
  } finally {
    await stand.close();
  }
}

export async function measureStanding(ground: Ground): Promise<Figure> {
  const stand = await openHttpStand(ground);
  try {
    const seen: SeenSlices = { ours: [], bare: [] };
    const rounds = await interleaved({
      note: (text) => ground.note(`  ${text} reads a second`),
      ours: () => slice(stand, seen, { call: 'standing', to: 'service' }),
      bare: () => slice(stand, seen, { call: 'standing', to: 'bare' }),
    });
    return figureOf({
      figure: 'standing',
      mark: 0.7,
      unit: 'reads a second',
      against: 'a bare Express route that reads one document by its id',
      rounds,
      beside: besideOf(seen),
    });
  } finally {
    await stand.close();
  }
}

interface SeenSlices {
  readonly ours: number[];
  readonly bare: number[];
}

async function slice(
  stand: HttpStand,
  seen: SeenSlices,
  { call, to }: { readonly call: 'events' | 'standing'; readonly to: 'service' | 'bare' },
): Promise<number> {
  const count = call === 'events' ? INTAKE_CALLS : STANDING_CALLS;
  const { perSecond, p99Ms } = await stand.slice(call, to, count);
  seen[to === 'service' ? 'ours' : 'bare'].push(p99Ms);
  return perSecond;
}

function besideOf({ ours, bare }: SeenSlices): Figure['beside'] {
  return {
    connections: CONNECTIONS,
    oursP99Ms: rounded(Math.max(...ours.slice(1))),
    bareP99Ms: rounded(Math.max(...bare.slice(1))),
  };
}

/** Settle has looked at every report once: none is due any more. */
async function isSettled({ connection }: GroundDatabase): Promise<boolean> {
  const due = { nextCheckAt: { $lte: new Date() } };
  return (await connection.collection('reports').countDocuments(due, { limit: 1 })) === 0;
}
