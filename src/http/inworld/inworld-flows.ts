/**
 * The flows behind the in-world door, by name, and what they need all together; does nothing
 * itself.
 */
import { acceptHello, type HelloDeps } from '../../flows/inworld/accept-hello';
import { acceptPayment, type PaymentDeps } from '../../flows/accept-payment';
import { acceptReturned, type ReturnedDeps } from '../../flows/inworld/accept-returned';
import { acceptSnapshot, type SnapshotDeps } from '../../flows/inworld/accept-snapshot';
import { answerStanding, type StandingDeps } from '../../flows/inworld/answer-standing';
import { authenticateBox, type AuthenticateDeps } from '../../flows/inworld/authenticate-box';
import type { BoxCaller } from '../../flows/inworld/box-caller';
import { authenticatePairing, registerBox } from '../../flows/inworld/register-box';
import type { Mint } from '../../flows/ports/mint-port';
import type { BoxStore } from '../../flows/ports/upkeep-ports';

/** Each flow but for its deps, which are bound. */
type Bound<Flow extends (deps: never, input: never) => unknown> = (
  input: Parameters<Flow>[1],
) => ReturnType<Flow>;

export interface InworldFlows {
  readonly authenticateBox: (caller: BoxCaller) => ReturnType<typeof authenticateBox>;
  readonly authenticatePairing: (caller: BoxCaller) => ReturnType<typeof authenticatePairing>;
  readonly registerBox: Bound<typeof registerBox>;
  readonly acceptPayment: Bound<typeof acceptPayment>;
  readonly acceptReturned: Bound<typeof acceptReturned>;
  readonly acceptSnapshot: Bound<typeof acceptSnapshot>;
  readonly acceptHello: Bound<typeof acceptHello>;
  readonly answerStanding: Bound<typeof answerStanding>;
}

export type InworldDeps = AuthenticateDeps &
  PaymentDeps &
  ReturnedDeps &
  SnapshotDeps &
  HelloDeps &
  StandingDeps & {
    readonly boxes: Pick<BoxStore, 'byPairingKey'>;
    readonly mint: Pick<Mint, 'secretText' | 'fraction'>;
  };

export function bindInworldFlows(deps: InworldDeps): InworldFlows {
  return {
    authenticateBox: (caller) => authenticateBox(deps, caller),
    authenticatePairing: (caller) => authenticatePairing(deps, caller),
    registerBox: (input) => registerBox(deps, input),
    acceptPayment: (input) => acceptPayment(deps, input),
    acceptReturned: (input) => acceptReturned(deps, input),
    acceptSnapshot: (input) => acceptSnapshot(deps, input),
    acceptHello: (input) => acceptHello(deps, input),
    answerStanding: (input) => answerStanding(deps, input),
  };
}
