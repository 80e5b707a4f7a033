/**
 * How it shows that a fault did what it is about, so that no run passes because nothing went
 * wrong.
 */
import type { Effect } from '../../scripts/sim-provider/truth';
import type { Estate } from './estate';

/** The simulator shows transactions in this state, or has had to keep some waiting. */
export const shows =
  (state: 'waiting' | 'failed' | 'suspended') =>
  ({ sim }: Estate): boolean => {
    const { counts } = sim.control.state();
    return (state === 'waiting' ? counts.waiting : (counts.transactions[state] ?? 0)) > 0;
  };

/** The simulator has changed the time of a unit by this fault. */
export const changed =
  (fault: Effect['fault']) =>
  ({ sim }: Estate): boolean =>
    sim.control.effects().some((effect) => effect.fault === fault);

/** The service has said this, so often at least. */
export const said =
  (fact: string, times: number) =>
  ({ services }: Estate): boolean => {
    const lines = services().flatMap((service) => service.lines);
    return lines.filter((line) => line.fact === fact).length >= times;
  };

/**
 * What the simulator's own tests show to happen, and what leaves no mark that could be read here.
 */
export const always = (): boolean => true;

/** Completed after it had been queued, failed and processed: its fourth version at least. */
export function cameBackToLife({ sim }: Estate): boolean {
  const all = [...sim.control.transactions()];
  return all.some(({ state, version }) => state === 'completed' && version >= 4);
}
