/** Opens links to the provider's status stream; it neither reconnects nor stores what was heard. */
import type { Clock } from '../flows/ports/clock';
import type { Log } from '../flows/ports/log-port';
import type { StatusStream } from '../flows/ports/provider-port';
import { parseBaseAddress, streamAddressOf } from './base-address';
import { DEFAULT_STREAM_LIMITS, StreamLink, type StreamLimits } from './stream/stream-link';
import { blotOut } from './token-blot';

export interface StatusStreamOptions {
  /** `http` gives `ws`, `https` gives `wss`. */
  readonly baseUrl: string;
  readonly token: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<StreamLimits>;
}

/**
 * When to dial again is `nextReconnect`'s to say, and where from the follower's: each `connect` is
 * one link, which ends once and for all.
 *
 * @throws TypeError when `baseUrl` is no address; `connect` itself never throws.
 */
export function createStatusStream(options: StatusStreamOptions): StatusStream {
  const address = streamAddressOf(parseBaseAddress(options.baseUrl));
  const limits = { ...DEFAULT_STREAM_LIMITS, ...options.limits };
  const { token, clock, log } = options;
  const blot = blotOut(token);
  return {
    connect: (cursor) => new StreamLink({ address, token, blot, clock, log, limits, cursor }),
  };
}
