/**
 * One route of the admin API as data: what validates it also documents it; sends nothing itself.
 */
import { z } from 'zod';
import type { Role } from '../../domain/access';
import type { Acting, Asking, Scope } from '../../flows/access/acting';
import type { Problem, ProblemKind, Success } from '../problem';
import type { AdminFlows } from './admin-flows';
import { faultsOf } from './faults';

/** `secret` is shown with the body once; a replay shows each of its fields as null. */
export interface Answer {
  readonly kind: 'answer';
  readonly body: Readonly<Record<string, unknown>>;
  readonly secret?: Readonly<Record<string, string>>;
}

/** A flow's refusal is a problem as it stands: they go by the same words. */
export type Reply = Answer | Problem;

export const answer = (body: object, secret?: Readonly<Record<string, string>>): Answer => ({
  kind: 'answer',
  body: { ...body },
  ...(secret === undefined ? {} : { secret }),
});

export type Method = 'get' | 'post' | 'patch';

/** What readers of the API are told, and what validates. */
export interface RouteDocument {
  readonly method: Method;
  /** As in OpenAPI: `/rentals/{id}`. */
  readonly path: string;
  readonly role: Role;
  readonly operationId: string;
  readonly summary: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodType | null;
  readonly success: Success;
  readonly shape: z.ZodType;
  /** Refusals beyond those that every route of its kind knows. */
  readonly refusals: readonly ProblemKind[];
}

export interface RawCall {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** A call that passed its schemas and waits for its turn. */
export interface Prepared {
  readonly kind: 'prepared';
  run(flows: AdminFlows, by: Asking): Promise<Reply>;
}

export interface AdminRoute extends RouteDocument {
  prepare(raw: RawCall): Prepared | Problem;
}

interface Spec<Params extends z.ZodObject> {
  readonly path: string;
  readonly role: Role;
  readonly operationId: string;
  readonly summary: string;
  readonly params: Params;
  readonly shape: z.ZodType;
  readonly refusals?: readonly ProblemKind[];
}

interface ReadSpec<Params extends z.ZodObject, Query extends z.ZodObject> extends Spec<Params> {
  readonly query: Query;
  readonly handle: (
    flows: AdminFlows,
    call: { params: z.output<Params>; query: z.output<Query>; scope: Scope },
  ) => Promise<Reply>;
}

/** A route that changes nothing. */
export function readRoute<Params extends z.ZodObject, Query extends z.ZodObject>(
  spec: ReadSpec<Params, Query>,
): AdminRoute {
  return {
    ...spec,
    method: 'get',
    body: null,
    success: 'ok',
    refusals: spec.refusals ?? [],
    prepare(raw) {
      const params = spec.params.safeParse(raw.params);
      if (!params.success) return { kind: 'not-found' };
      const query = spec.query.safeParse(raw.query);
      if (!query.success) return { kind: 'invalid', errors: faultsOf(query.error) };
      const call = { params: params.data, query: query.data };
      return {
        kind: 'prepared',
        run: (flows, by) => spec.handle(flows, { ...call, scope: { regions: by.regions } }),
      };
    },
  };
}

interface ChangeSpec<Params extends z.ZodObject, Body extends z.ZodType> extends Spec<Params> {
  readonly method: 'post' | 'patch';
  readonly body: Body;
  readonly success: Success;
  readonly handle: (
    flows: AdminFlows,
    call: { params: z.output<Params>; body: z.output<Body>; by: Asking },
  ) => Promise<Reply>;
}

/** A route that changes something, under an Idempotency-Key. It takes no query. */
export function changeRoute<Params extends z.ZodObject, Body extends z.ZodType>(
  spec: ChangeSpec<Params, Body>,
): AdminRoute {
  return {
    ...spec,
    query: NO_QUERY,
    refusals: spec.refusals ?? [],
    prepare(raw) {
      const params = spec.params.safeParse(raw.params);
      if (!params.success) return { kind: 'not-found' };
      const query = NO_QUERY.safeParse(raw.query);
      const body = spec.body.safeParse(raw.body);
      if (!query.success || !body.success) {
        const errors = [query, body].flatMap((one) => (one.error ? faultsOf(one.error) : []));
        return { kind: 'invalid', errors };
      }
      const call = { params: params.data, body: body.data };
      return { kind: 'prepared', run: (flows, by) => spec.handle(flows, { ...call, by }) };
    },
  };
}

/** Law 10 for a call whose body carries its reason. */
export const acting = (call: {
  readonly by: Asking;
  readonly body: { readonly reason: string };
}): Acting => ({ ...call.by, reason: call.body.reason });

export const NO_PARAMS = z.strictObject({});
export const NO_QUERY = z.strictObject({});
