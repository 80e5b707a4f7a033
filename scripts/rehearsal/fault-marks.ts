/**
 * How it shows that a fault did what it is about, so that no run passes because nothing went
 * wrong.
 */
import type { Effect } from '../sim-provider/truth';
import type { Estate } from './estate';
import { until } from './until';

/** Asked again and again while faults are in force, and once they are lifted. */
export type Mark = (estate: Estate) => boolean;

/** The simulator shows transactions in this state, or has had to keep some waiting. */
export const shows =
  (state: 'waiting' | 'failed' | 'suspended'): Mark =>
  ({ sim }) => {
    const { counts } = sim.control.state();
    return (state === 'waiting' ? counts.waiting : (counts.transactions[state] ?? 0)) > 0;
  };

/** The simulator has changed the time of a unit by this fault. */
export const changed =
  (fault: Effect['fault']): Mark =>
  ({ sim }) =>
    sim.control.effects().some((effect) => effect.fault === fault);

/** The service has said this, so often at least. */
export const said =
  (fact: string, times: number): Mark =>
  ({ services }) => {
    const lines = services().flatMap((service) => service.lines);
    return lines.filter((line) => line.fact === fact).length >= times;
  };

/**
 * What the simulator's own tests show to happen, and what leaves no mark that could be read here.
 */
export const always: Mark = () => true;

/** Nobody follows the stream. */
export const cutOff: Mark = ({ sim }) => sim.control.state().counts.connections === 0;

/** Completed after it had been queued, failed and processed: its fourth version at least. */
export const cameBackToLife: Mark = ({ sim }) =>
  [...sim.control.transactions()].some(
    ({ state, version }) => state === 'completed' && version >= 4,
  );

export interface MarkWatch {
  /** One of these has not shown yet. */
  isWaitingFor(names: readonly string[]): boolean;
  /** Waits for those that have not shown yet. Names of those that have not after a minute. */
  missing(): Promise<readonly string[]>;
  /** Looks no more. */
  end(): void;
}

const LOOKS_EVERY_MS = 100;
/** A client that was refused for long dials again only after so long. */
const SHOWS_WITHIN_MS = 60_000;

export function watchMarks(estate: Estate, marks: Readonly<Record<string, Mark>>): MarkWatch {
  const waiting = new Map(Object.entries(marks));
  const look = (): void => {
    for (const [name, mark] of waiting) if (mark(estate)) waiting.delete(name);
  };
  const timer = setInterval(look, LOOKS_EVERY_MS);
  return {
    isWaitingFor(names) {
      look();
      return names.some((name) => waiting.has(name));
    },
    async missing() {
      await until('every fault has shown', () => waiting.size === 0, SHOWS_WITHIN_MS).catch(
        () => undefined,
      );
      return [...waiting.keys()];
    },
    end: () => clearInterval(timer),
  };
}
