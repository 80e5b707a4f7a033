/** Everything that a run has started, given back in the opposite order, once, whatever happens. */

export interface Belongings {
  /** Called at the end, after all that was added later. */
  add(name: string, giveBack: () => Promise<unknown> | void): void;
  /** Never throws; repeated calls wait for the first one. Returns what could not be given back. */
  giveBack(): Promise<readonly string[]>;
}

export function createBelongings(): Belongings {
  const steps: { readonly name: string; readonly giveBack: () => Promise<unknown> | void }[] = [];
  let ending: Promise<readonly string[]> | null = null;
  const end = async (): Promise<readonly string[]> => {
    const left: string[] = [];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      try {
        await step.giveBack();
      } catch (error) {
        left.push(`${step.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return left;
  };
  return {
    add: (name, giveBack) => void steps.push({ name, giveBack }),
    giveBack: () => (ending ??= end()),
  };
}
