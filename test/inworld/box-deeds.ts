/**
 * What an estate's owner does to boxes through the admin API, and what the service says of them.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ADMIN_KEY } from '../../scripts/rehearsal/settings';
import type { ServiceInWorld } from './service-in-world';

const Box = z.object({
  id: z.string(),
  state: z.string(),
  objectKey: z.string().nullable(),
  rebindAsked: z.array(z.object({ objectKey: z.string() })),
  reachable: z.boolean(),
  outbox: z.int().nullable(),
  version: z.string().nullable(),
  pairingCode: z.string().optional(),
});
export type BoxHeld = z.output<typeof Box>;

type Deed = 'pairing-code' | 'rebind' | 'rotate-secret' | 'retire';

/** @throws Error with the service's own words where it refuses. */
export async function boxDeed(
  { serviceUrl }: Pick<ServiceInWorld, 'serviceUrl'>,
  boxId: string,
  deed: Deed,
  fields: object = {},
): Promise<BoxHeld> {
  const answer = await fetch(`${serviceUrl()}/api/admin/v1/boxes/${boxId}/${deed}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ADMIN_KEY}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({ ...fields, reason: 'The estate wants it so.' }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${deed}: ${answer.status} ${text}`);
  return Box.parse(JSON.parse(text));
}

/** As the service lists it. */
export async function boxHeld(
  { serviceUrl }: Pick<ServiceInWorld, 'serviceUrl'>,
  boxId: string,
): Promise<BoxHeld> {
  const answer = await fetch(`${serviceUrl()}/api/admin/v1/boxes?limit=200`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  const { data } = z.object({ data: z.array(Box) }).parse(await answer.json());
  const box = data.find(({ id }) => id === boxId);
  if (box === undefined) throw new Error(`The service has no box ${boxId}.`);
  return box;
}
