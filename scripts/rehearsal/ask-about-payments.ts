/** A manager who asks the provider about payments, so that the provider is called at all. */
import { AdminRefused, type PaymentSeen } from './admin-client';
import type { Estate } from './estate';

/** So many times, one after the other, about those known by then; a refusal is an answer. */
export const askAbout =
  (times: number) =>
  async ({ admin }: Estate): Promise<void> => {
    let known: readonly PaymentSeen[] = [];
    for (let asked = 0; asked < times; asked += 1) {
      if (known.length <= asked) known = await admin.payments();
      const one = known[asked % known.length];
      if (one === undefined) continue;
      await admin.recheck(one.id).catch((error: unknown) => {
        if (!(error instanceof AdminRefused)) throw error;
      });
    }
  };
