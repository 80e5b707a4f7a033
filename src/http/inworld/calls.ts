/**
 * The three calls of a box, from verified bytes to an outcome; sends nothing and knows no numbers.
 */
import type { BoxCaller, Turned, VerifiedCall } from '../../flows/inworld/box-caller';
import type { InworldOutcome } from '../answers';
import { readRegister, readStandingBody } from './call-bodies';
import { readEvent } from './event-body';
import type { InworldFlows } from './inworld-flows';
import { standingFields } from './standing-answer';

export interface CallDeps {
  readonly flows: InworldFlows;
  /** In which tenants are told the time. */
  readonly zone: string;
}

/** One path under `/api/inworld`. */
export interface Call {
  /** For logs and metrics. */
  readonly name: 'register' | 'events' | 'standing';
  authenticate(deps: CallDeps, caller: BoxCaller): Promise<VerifiedCall | Turned>;
  run(deps: CallDeps, call: VerifiedCall, bytes: Uint8Array): Promise<InworldOutcome>;
}

export const CALLS: ReadonlyMap<string, Call> = new Map([
  [
    '/api/inworld/v1/register',
    {
      name: 'register',
      authenticate: ({ flows }, caller) => flows.authenticatePairing(caller),
      run: register,
    },
  ],
  [
    '/api/inworld/v1/events',
    {
      name: 'events',
      authenticate: ({ flows }, caller) => flows.authenticateBox(caller),
      run: event,
    },
  ],
  [
    '/api/inworld/v1/standing',
    {
      name: 'standing',
      authenticate: ({ flows }, caller) => flows.authenticateBox(caller),
      run: standing,
    },
  ],
] satisfies [string, Call][]);

async function register(
  { flows }: CallDeps,
  call: VerifiedCall,
  bytes: Uint8Array,
): Promise<InworldOutcome> {
  const body = readRegister(bytes);
  if (body.kind !== 'read') return { code: body.kind };
  const outcome = await flows.registerBox({ call, ...body.read });
  if (outcome.kind !== 'paired') return { code: outcome.kind };
  return { code: 'paired', fields: { box: outcome.boxId, secret: outcome.secretText } };
}

/** Of a retired box only a payment is taken: real L$ changed hands. */
async function event(
  { flows }: CallDeps,
  call: VerifiedCall,
  bytes: Uint8Array,
): Promise<InworldOutcome> {
  const { box, now } = call;
  const body = readEvent(bytes);
  if (body.kind !== 'read') return { code: body.kind };
  const { read } = body;
  if (box.state === 'retired' && read.type !== 'payment') return { code: 'retired' };
  const { kind } = await (() => {
    switch (read.type) {
      case 'payment':
        return flows.acceptPayment({ box, now, payment: read.payment });
      case 'returned':
        return flows.acceptReturned({ box, now, returned: read.returned });
      case 'snapshot':
        return flows.acceptSnapshot({ box, now, snapshot: read.snapshot });
      case 'hello':
        return flows.acceptHello({ call, hello: read.hello });
    }
  })();
  return { code: kind };
}

async function standing(
  { flows, zone }: CallDeps,
  call: VerifiedCall,
  bytes: Uint8Array,
): Promise<InworldOutcome> {
  if (call.box.state === 'retired') return { code: 'retired' };
  const body = readStandingBody(bytes);
  if (body.kind !== 'read') return { code: body.kind };
  const outcome = await flows.answerStanding({ call, outbox: body.read.outbox });
  if (outcome.kind === 'nonce') return { code: 'nonce' };
  return { code: 'standing', fields: standingFields(outcome.view, zone) };
}
