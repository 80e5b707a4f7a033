/**
 * The OpenAPI 3.1 document, made from the very schemas that validate and present; states nothing
 * itself.
 */
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import express, { type Router } from 'express';
import { z } from 'zod';
import { groupedBy } from '../../domain/grouping';
import { PROBLEM_TYPE, PROBLEMS, problemType, SUCCESS_STATUS, type ProblemKind } from '../problem';
import type { AdminRoute, RouteDocument } from './route';
import { ADMIN_ROUTES } from './routes';

const ADMIN_BASE = '/api/admin/v1';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

export function openApiDocument(): OpenApiDocument {
  const definitions = new OpenAPIRegistry();
  definitions.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'An access key. Its role and regions say what it reaches.',
  });
  for (const route of ADMIN_ROUTES) registerRoute(definitions, route);
  return new OpenApiGeneratorV31(definitions.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Tierbridge admin API',
      version: '1',
      description:
        'For estate managers. Errors are problem+json (RFC 9457). Every change needs an ' +
        'Idempotency-Key: the same key and body get the same answer for 7 days, with secrets null.',
    },
    servers: [{ url: ADMIN_BASE }],
    security: [{ key: [] }],
  });
}

/** Mount it at the root: `GET /openapi.json`, without a key. */
export function createOpenApiRouter(): Router {
  const router = express.Router({ caseSensitive: true });
  // One for all answers: as a text it would be encoded anew, and held, for each of them.
  const bytes = Buffer.from(JSON.stringify(openApiDocument()), 'utf8');
  router.get('/openapi.json', (_req, res) => {
    res.type('json').send(bytes);
  });
  return router;
}

const FaultShape = z.object({
  path: z.string().meta({ description: 'JSON pointer; empty = the whole.' }),
  message: z.string(),
});

const ProblemShape = z
  .object({
    type: z.string().meta({ description: 'Stable; programs may switch on it.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    errors: z.array(FaultShape).optional(),
  })
  .meta({ id: 'Problem' });

const IdempotencyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .min(1)
    .max(200)
    .meta({ description: 'A new one for each change; the same one for its repetition.' }),
});

const EVERYWHERE: readonly ProblemKind[] = [
  'unauthorized',
  'forbidden',
  'invalid',
  'too-many-wrong-keys',
  'storage',
  'internal',
];
const FOR_CHANGES: readonly ProblemKind[] = [
  'unreadable',
  'no-idempotency-key',
  'other-content',
  'running',
  'too-large',
  'media-type',
];

function registerRoute(registry: OpenAPIRegistry, route: AdminRoute): void {
  const { method, path, operationId, summary, role } = route;
  registry.registerPath({
    method,
    path,
    operationId,
    summary,
    description: `For keys with the role ${role} or above.`,
    tags: [path.split('/')[1] ?? ''],
    request: requestOf(route),
    responses: { ...successOf(route), ...problemsOf(route) },
  });
}

type PathSpec = Parameters<OpenAPIRegistry['registerPath']>[0];

function requestOf({ params, query, body }: RouteDocument): NonNullable<PathSpec['request']> {
  if (body === null) return { params, query };
  const content = { 'application/json': { schema: body } };
  return {
    params,
    headers: IdempotencyHeader,
    body: { required: !body.safeParse({}).success, content },
  };
}

function successOf({ success, shape, summary }: RouteDocument): PathSpec['responses'] {
  const content = { 'application/json': { schema: shape } };
  return { [SUCCESS_STATUS[success]]: { description: summary, content } };
}

/** Problems that share a status share its entry; their types tell them apart. */
function problemsOf(route: RouteDocument): PathSpec['responses'] {
  const isNamed = Object.keys(route.params.shape).length > 0;
  const kinds = new Set<ProblemKind>([
    ...EVERYWHERE,
    ...(isNamed ? (['not-found'] as const) : []),
    ...(route.body === null ? [] : FOR_CHANGES),
    ...route.refusals,
  ]);
  const byStatus = groupedBy([...kinds], (kind) => PROBLEMS[kind].status);
  const content = { [PROBLEM_TYPE]: { schema: ProblemShape } };
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [status, { description: describe(same), content }]),
  );
}

const describe = (kinds: readonly ProblemKind[]): string =>
  kinds.map((kind) => `${PROBLEMS[kind].title} (\`${problemType(kind)}\`)`).join('. ');
