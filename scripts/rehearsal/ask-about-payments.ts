/** A manager who asks the provider about payments, so that the provider is called at all. */
import { AdminRefused } from './admin-client';
import type { Estate } from './estate';

/** About `most` of them, one after the other; a refusal is an answer. */
export const askAbout =
  (most: number) =>
  async ({ admin }: Estate): Promise<void> => {
    for (const { id } of (await admin.payments()).slice(0, most)) {
      await admin.recheck(id).catch((error: unknown) => {
        if (!(error instanceof AdminRefused)) throw error;
      });
    }
  };
