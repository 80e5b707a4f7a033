/** Which tenancy a payment belongs to: the one that held the rental when the L$ were given. */
import fc from 'fast-check';
import { assignTenancy, startNow, type TenancyView } from '../../src/domain/ledger/tenancy';
import type { Instant } from '../../src/domain/time';
import { daysAfter, tenancyOf, viewOf } from '../laws/samples';
import { agent, START } from '../support/estate';

const day = (n: number): Instant => daysAfter(START, n);
const byManager = (from: number) => ({ by: 'manager', at: day(from) }) as const;
const byPayments = { by: 'payments' } as const;
const imported = { unitVersion: 3, streamRank: 1 };
const byOpening = (from: number) =>
  ({ by: 'opening', at: day(from), ...imported, importedAt: day(from + 5) }) as const;

/** Tenant 1 since day 0 by payments, with 10 days paid and 3 of grace. */
const held: TenancyView = viewOf(tenancyOf(1, byPayments), day(0), day(13));
const assigned = (tenancies: readonly TenancyView[], payment: Partial<Given> = {}) =>
  assignTenancy(tenancies, { payer: agent(1), tenant: null, paidAt: day(5), ...payment });
type Given = Parameters<typeof assignTenancy>[1];

describe('a payment on a vacant rental', () => {
  it('begins a tenancy for the tenant that the transaction names', () => {
    expect(assigned([], { payer: agent(2), tenant: agent(1) })).toEqual({
      ...{ kind: 'begins', tenant: agent(1), ends: null },
    });
  });

  it('begins one for the payer where no tenant is named', () => {
    expect(assigned([], { payer: agent(2) })).toEqual({
      ...{ kind: 'begins', tenant: agent(2), ends: null },
    });
  });

  it('begins a new one after the last has ended', () => {
    const ended = viewOf(tenancyOf(1, byPayments, { endedAt: day(20) }), day(0), day(13));
    expect(assigned([ended], { payer: agent(2), tenant: agent(2), paidAt: day(30) })).toEqual({
      ...{ kind: 'begins', tenant: agent(2), ends: null },
    });
  });
});

describe('a payment on a rental that is let', () => {
  it('belongs to the tenancy, whoever gave the L$ and however late', () => {
    for (const paidAt of [day(0), day(5), day(100)]) {
      for (const tenant of [null, agent(1), { ...agent(1), name: 'Renamed' }]) {
        expect(assigned([held], { payer: agent(7), tenant, paidAt })).toEqual({
          ...{ kind: 'belongs', tenancyId: 'r_1:1' },
        });
      }
    }
  });

  it('belongs to it also where it came before all that were known: it moves the start', () => {
    expect(assigned([held], { paidAt: day(-40) })).toEqual({
      ...{ kind: 'belongs', tenancyId: 'r_1:1' },
    });
  });

  it('ends the tenancy and begins another where another tenant is named after the limit', () => {
    const paidAt = (day(13) + 1) as Instant;
    expect(assigned([held], { payer: agent(2), tenant: agent(2), paidAt })).toEqual({
      ...{ kind: 'begins', tenant: agent(2), ends: 'r_1:1' },
    });
  });

  it('waits for a person where another tenant is named and the limit has not passed', () => {
    for (const paidAt of [day(1), day(12), day(13)]) {
      expect(assigned([held], { payer: agent(2), tenant: agent(2), paidAt })).toEqual({
        ...{ kind: 'tenant-differs', tenancyId: 'r_1:1' },
      });
    }
  });

  it('does not end a tenancy because somebody else paid, when no tenant is named', () => {
    expect(assigned([held], { payer: agent(2), paidAt: day(99) })).toMatchObject({
      kind: 'belongs',
    });
  });
});

describe('a payment among several tenancies', () => {
  const first = viewOf(tenancyOf(1, byPayments, { endedAt: day(20) }), day(0), day(13));
  const second = viewOf(tenancyOf(2, byManager(20)), day(20), day(33));

  it('belongs to the one that held the rental at its time, not to the present one', () => {
    const inTime = fc.integer({ min: 0, max: 19 });
    fc.assert(
      fc.property(inTime, fc.boolean(), (n, isNamed) => {
        const tenant = isNamed ? agent(1) : null;
        expect(assigned([first, second], { tenant, paidAt: day(n) })).toEqual({
          ...{ kind: 'belongs', tenancyId: 'r_1:1' },
        });
        const late = { tenant: isNamed ? agent(2) : null, paidAt: day(20 + n) };
        expect(assigned([second, first], late)).toEqual({
          ...{ kind: 'belongs', tenancyId: 'r_1:2' },
        });
      }),
    );
  });

  it('never begins a tenancy in the time of one that has ended', () => {
    const found = assigned([first, second], { tenant: agent(5), paidAt: day(10) });
    expect(found).toEqual({ kind: 'tenant-differs', tenancyId: 'r_1:1' });
  });
});

describe('a payment before the first tenancy', () => {
  it('is outside where a manager set the start', () => {
    const view = viewOf(tenancyOf(1, byManager(0)), day(0), day(13));
    expect(assigned([view], { paidAt: (day(0) - 1) as Instant })).toEqual({
      kind: 'outside-tenancy',
    });
    expect(assigned([view], { paidAt: day(0) })).toMatchObject({ kind: 'belongs' });
  });

  it('belongs to the tenancy of an opening that does not contain it', () => {
    const view = viewOf(tenancyOf(1, byOpening(0)), day(0), day(13));
    expect(assigned([view], { paidAt: day(-2) })).toEqual({
      ...{ kind: 'belongs', tenancyId: 'r_1:1' },
    });
  });
});

describe('a tenancy that is to start now', () => {
  const at = (ms: number) => (1_772_452_800_000 + ms) as Instant;

  it('starts with the second that has begun, as boxes tell the time', () => {
    expect(startNow(at(700), [])).toBe(at(0));
    expect(startNow(at(1_000), [{ endedAt: null }])).toBe(at(1_000));
  });

  it('starts no earlier than the one before it ended', () => {
    expect(startNow(at(700), [{ endedAt: at(300) }, { endedAt: at(-5_000) }])).toBe(at(300));
  });
});
