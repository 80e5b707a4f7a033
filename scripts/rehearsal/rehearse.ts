/** One rehearsal from an empty database to its verdict: an estate, a plan of faults, a judge. */
import { openEstate, type EstateOptions } from './estate';
import type { Verdict } from './judge';
import { isLawful } from './judge';
import { judgeEstate, playFaults, resync, type FaultPlan, type RunEnd } from './play-faults';

export interface Rehearsed extends RunEnd {
  /** Faults of the plan that never showed: the run proves nothing about them. */
  readonly missing: readonly string[];
  /** Once a resync has run with nothing wrong any more. */
  readonly afterwards: Verdict;
}

/** Fewer payments, or looks at each rental's standing, would say little. */
const LEAST_PAYMENTS = 20;
const LEAST_LOOKS = 5;

export async function rehearse(options: EstateOptions, plan: FaultPlan): Promise<Rehearsed> {
  const estate = await openEstate(options);
  try {
    const end = await playFaults(estate, plan);
    estate.sim.control.setFaults({});
    await resync(estate);
    return { ...end, afterwards: await judgeEstate(estate) };
  } finally {
    await estate.close();
  }
}

/** A sentence for each law that the run has broken; none where all were kept. */
export function brokenLaws({ verdict, afterwards, ranOut }: Rehearsed): readonly string[] {
  return [
    ...verdict.faults,
    ...(isLawful(verdict) || verdict.faults.length > 0 ? [] : ['A law is broken.']),
    ...ranOut.others,
    ...afterwards.faults.map((fault) => `After it was over, and a resync: ${fault}`),
    ...(afterwards.leftShort === 0
      ? []
      : [`${afterwards.leftShort} units are still short although the provider takes the call.`]),
  ];
}

/** What keeps a run from showing what it is meant to show, in sentences; none as a rule. */
export function weaknesses({ verdict, seen, missing }: Rehearsed): readonly string[] {
  const looks = Math.min(seen.byManager, seen.byBoxes);
  return [
    ...missing.map((fault) => `It never showed that ${fault} happened.`),
    ...(verdict.made > LEAST_PAYMENTS ? [] : [`Only ${verdict.made} payments were made.`]),
    ...(looks > LEAST_LOOKS ? [] : [`Standings were looked at ${looks} times only.`]),
  ];
}
