/** What following the status stream needs of the world; everything else it keeps to itself. */
import type { CatchUpInput, CaughtUp } from '../../flows/upstream/catch-up';
import type { Metrics } from '../../flows/ports/metrics-port';
import type { Mint } from '../../flows/ports/mint-port';
import type { StatusStream, ProviderApi, StreamEnd } from '../../flows/ports/provider-port';
import type { WordsInput } from '../../flows/upstream/take-words';
import type { AsideStore, FollowerStore } from '../../flows/ports/upkeep-ports';
import type { LeaseDeps } from '../lease-term';

export interface FollowDeps extends LeaseDeps {
  readonly follower: FollowerStore;
  readonly asides: AsideStore;
  readonly stream: StatusStream;
  readonly provider: Pick<ProviderApi, 'transaction' | 'unit'>;
  readonly takeWords: (input: WordsInput) => Promise<void>;
  readonly catchUp: (input: CatchUpInput) => Promise<CaughtUp>;
  readonly reconnect: ReconnectPolicy;
  readonly mint: Pick<Mint, 'fraction'>;
  readonly metrics: Metrics;
}

/** When to dial again, if at all; pure. The provider's room has it. */
export type ReconnectPolicy = (
  link: {
    readonly end: Pick<StreamEnd, 'retry' | 'retryMs'>;
    /** Links in a row that ended before they were healthy, this one not counted. */
    readonly failures: number;
    /** How long the link lived after its hello; 0 when it got none. */
    readonly healthyMs: number;
  },
  /** From 0 up to, not including, 1. */
  random: number,
) =>
  | { readonly kind: 'wait'; readonly delayMs: number; readonly failures: number }
  | { readonly kind: 'never' };
