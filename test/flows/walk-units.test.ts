/** The walk through the provider's units beside our rentals ends, whatever the provider gives. */
import { walkUnits } from '../../src/flows/resync/walk-units';
import { ProviderUnavailable } from '../../src/flows/ports/provider-port';
import { createResyncWorld } from './resync-world';

describe('walking through the units of a provider', () => {
  it('gives up a list that has a next page for ever', async () => {
    const { deps, clock } = await createResyncWorld();
    let asked = 0;
    const units = async () => {
      asked += 1;
      return { rows: [], next: `page-${asked}`, time: clock.now(), unreadable: [] };
    };
    const provider = { ...deps.provider, units };
    const walk = async (): Promise<void> => {
      const start = { through: null, providerCursor: null };
      for await (const page of walkUnits({ ...deps, provider }, start)) {
        if (asked > 300_000 || page.rows.length > 0) return;
      }
    };
    await expect(walk()).rejects.toThrow(ProviderUnavailable);
    expect(asked).toBeLessThan(300_000);
  });
});
