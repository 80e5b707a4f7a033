/** The document of the API: every route is in it, and it is what OpenAPI 3.1 asks for. */
import express from 'express';
import request from 'supertest';
import { z } from 'zod';
import { createOpenApiRouter, openApiDocument } from '../../../src/http/admin/openapi';
import { ADMIN_ROUTES } from '../../../src/http/admin/routes';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { in: string; name: string; required: boolean }[];
  readonly requestBody?: { content: Record<string, { schema: unknown }> };
  readonly responses: Record<string, { description: string; content: Record<string, object> }>;
}

const text = JSON.stringify(openApiDocument());
const document = JSON.parse(text) as {
  openapi: string;
  info: object;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe('the document of the API', () => {
  it('is served without a key', async () => {
    const app = express().use(createOpenApiRouter());
    const answer = await request(app).get('/openapi.json');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(JSON.parse(text));
  });

  it('is the same bytes in every answer, however many are under way', async () => {
    const sent: unknown[] = [];
    const app = express().use((_req, res, next) => {
      const send = res.send.bind(res);
      res.send = (body) => send(sent[sent.push(body) - 1]);
      next();
    }, createOpenApiRouter());
    for (let n = 0; n < 2; n += 1) await request(app).get('/openapi.json').expect(200);
    expect(sent[0]).toBeInstanceOf(Uint8Array);
    expect(sent[1]).toBe(sent[0]);
  });

  it('lists every route that is served, and no other', () => {
    const listed = operations.map(({ path, method }) => `${method} ${path}`);
    expect(listed.sort()).toEqual(
      ADMIN_ROUTES.map(({ method, path }) => `${method} ${path}`).sort(),
    );
  });

  it('names each operation once', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has the structure of OpenAPI 3.1', () => {
    const checked = DocumentForm.safeParse(document);
    expect(checked.error?.issues ?? []).toEqual([]);
  });

  it('points at nothing that is not there', () => {
    const named = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, id]) => id,
    );
    const missing = named.filter((id) => document.components.schemas[id!] === undefined);
    expect(named.length).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  it('asks for every parameter of a path, and for an Idempotency-Key with each change', () => {
    for (const { path, method, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const given = operation.parameters ?? [];
      expect(given.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath);
      const isAsked = given.some((one) => one.name === 'Idempotency-Key' && one.required);
      expect({ path, isAsked }).toEqual({ path, isAsked: method !== 'get' });
    }
  });

  it('says for each route what is answered when it is refused', () => {
    for (const { path, operation } of operations) {
      const problems = Object.entries(operation.responses).filter(([status]) => status >= '400');
      const types = problems.flatMap(([, { content }]) => Object.keys(content));
      expect({ path, types: [...new Set(types)] }).toEqual({
        ...{ path, types: ['application/problem+json'] },
      });
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(['400', '401', '403', '429', '500', '503']),
      );
    }
  });
});

/** The parts of JSON Schema that are used here; anything else is a mistake of the generator. */
const SchemaForm: z.ZodType = z.lazy(() =>
  z.strictObject({
    $ref: z.string().startsWith('#/components/schemas/').optional(),
    type: z.union([TypeName, z.array(TypeName).min(2)]).optional(),
    format: z.enum(['date-time', 'uuid']).optional(),
    pattern: z.string().optional(),
    enum: z.array(z.string()).min(1).optional(),
    ...{ minimum: z.number().optional(), maximum: z.number().optional() },
    ...{ minLength: z.int().optional(), maxLength: z.int().optional() },
    ...{ minItems: z.int().optional(), maxItems: z.int().optional() },
    items: SchemaForm.optional(),
    properties: z.record(z.string(), SchemaForm).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([z.literal(false), SchemaForm]).optional(),
    ...{ anyOf: z.array(SchemaForm).optional(), allOf: z.array(SchemaForm).optional() },
    description: z.string().optional(),
    ...{ example: z.unknown().optional(), default: z.unknown().optional() },
  }),
);
const TypeName = z.enum(['string', 'integer', 'number', 'boolean', 'object', 'array', 'null']);

const ContentForm = z.record(z.string(), z.strictObject({ schema: SchemaForm }));
const ParameterForm = z
  .strictObject({
    name: z.string(),
    in: z.enum(['query', 'header', 'path']),
    required: z.boolean(),
    schema: SchemaForm,
    description: z.string().optional(),
  })
  .refine((one) => one.in !== 'path' || one.required);

const OperationForm = z.strictObject({
  operationId: z.string().min(1),
  summary: z.string().min(1),
  description: z.string().min(1),
  tags: z.array(z.string().min(1)),
  parameters: z.array(ParameterForm).optional(),
  requestBody: z.strictObject({ required: z.boolean(), content: ContentForm }).optional(),
  responses: z.record(
    z.string().regex(/^[2-5]\d\d$/),
    z.strictObject({ description: z.string().min(1), content: ContentForm }),
  ),
});

/** What the specification asks of the parts that are used here. */
const DocumentForm = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.strictObject({ url: z.string() })),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'post', 'patch']), OperationForm),
  ),
  components: z.strictObject({
    securitySchemes: z.record(z.string(), z.object({ type: z.literal('http') })),
    schemas: z.record(z.string(), SchemaForm),
    parameters: z.strictObject({}),
  }),
  webhooks: z.strictObject({}),
});
