/**
 * Every port by the one name under which flows ask for it; a flow picks those that it may touch.
 */
import type { Clock } from './clock';
import type { Digest } from './digest-port';
import type { Hints } from './hints-port';
import type { Log } from './log-port';
import type { Mint } from './mint-port';
import type {
  BreakStore,
  EntryStore,
  RentalStore,
  ReportStore,
  TenancyStore,
  TransactionStore,
} from './money-ports';
import type { ProviderApi } from './provider-port';
import type { Settings } from './settings';
import type {
  AsideStore,
  AuditStore,
  BoxStore,
  FollowerStore,
  KeyStore,
  PaymentStore,
  ReferenceStore,
  RequestStore,
  SweepStore,
  UnitStore,
} from './upkeep-ports';

export interface EstatePorts {
  readonly reports: ReportStore;
  readonly transactions: TransactionStore;
  readonly entries: EntryStore;
  readonly tenancies: TenancyStore;
  readonly rentals: RentalStore;
  readonly breaks: BreakStore;
  readonly boxes: BoxStore;
  readonly units: UnitStore;
  readonly references: ReferenceStore;
  readonly payments: PaymentStore;
  readonly sweeps: SweepStore;
  readonly audit: AuditStore;
  readonly requests: RequestStore;
  readonly keys: KeyStore;
  readonly follower: FollowerStore;
  readonly asides: AsideStore;
  readonly provider: ProviderApi;
  readonly hints: Hints;
  readonly mint: Mint;
  readonly digest: Digest;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly log: Log;
}
