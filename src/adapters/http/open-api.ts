/**
 * The OpenAPI 3.1 document, made of the routes that the router has and the schemas that validate, so
 * that it cannot say anything else than what the server does.
 */
import { z } from 'zod';
import { BODY_EXAMPLES } from '#src/ingest/bodies/body-examples.ts';
import { LIMIT_MAX } from './query.ts';
import type { QueryKind } from './query.ts';
import type { Route } from './route.ts';

type Json = Readonly<Record<string, unknown>>;

const PROBLEM_REF = { $ref: '#/components/responses/Problem' };

export function openApiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = (paths[route.path] ??= {});
    path[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Vouch',
      version: '1',
      summary: 'A real-time fraud-scoring double-entry ledger',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      responses: { Problem: problemResponse() },
    },
  };
}

function operation(route: Route): Json {
  const { summary, scopes, open, query = {}, body, answers } = route;
  const scopeText = scopes.length === 0 ? '' : `Needs one of the scopes ${scopes.join(', ')}.`;
  return {
    operationId: operationId(route),
    summary,
    ...(scopeText !== '' && { description: scopeText }),
    security: open === 'everywhere' ? [] : [{ bearer: [] }],
    parameters: [...pathParameters(route.path), ...queryParameters(query)],
    ...(body && { requestBody: requestBody(body, route.path) }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, description]) => [status, { description }]),
      ),
      ...(open !== 'everywhere' && { 401: PROBLEM_REF, 403: PROBLEM_REF }),
      default: PROBLEM_REF,
    },
  };
}

/** `POST /v1/payments/{id}/capture` is `postPaymentsIdCapture`. */
function operationId({ method, path }: Route): string {
  const words = path.split(/[^A-Za-z]+/).filter((word) => word !== '' && word !== 'v');
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

const QUERY_SCHEMAS: Readonly<Record<QueryKind, Json>> = {
  text: { type: 'string' },
  instant: { type: 'string', format: 'date-time' },
  limit: { type: 'integer', minimum: 1, maximum: LIMIT_MAX },
};

function queryParameters(query: Readonly<Record<string, QueryKind>>): Json[] {
  return Object.entries(query).map(([name, kind]) => ({ name, in: 'query', schema: QUERY_SCHEMAS[kind] }));
}

function requestBody({ schema, contentType }: NonNullable<Route['body']>, path: string): Json {
  const example = BODY_EXAMPLES[path];
  if (example === undefined) throw new Error(`the body of ${path} has no example`);
  return { required: true, content: { [contentType]: { schema: bodySchema(schema), example } } };
}

function bodySchema(schema: z.ZodObject): Json {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: allowShorthand });
  const { $schema: _dialect, ...body } = json;
  return body;
}

/** Where a schema prepares its input, an object may be sent as its id alone (a card, for one). */
function allowShorthand({ zodSchema, jsonSchema }: SchemaOverride): void {
  const definition = zodSchema._zod.def;
  if (definition.type !== 'pipe' || (definition.in as z.core.$ZodTypes)._zod.def.type !== 'transform') return;
  const object = { ...jsonSchema };
  const id = object.properties?.['id'];
  if (typeof id !== 'object') throw new Error('only what has an id can be sent as its id alone');
  for (const name of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, name);
  jsonSchema.anyOf = [id, object];
}

interface SchemaOverride {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}

function problemResponse(): Json {
  const error = {
    type: 'object',
    required: ['path', 'message'],
    properties: { path: { type: 'string' }, message: { type: 'string' } },
  };
  const schema = {
    type: 'object',
    required: ['type', 'title', 'status', 'detail'],
    properties: {
      type: { type: 'string', format: 'uri-reference' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      code: { type: 'string' },
      errors: { type: 'array', items: error },
      line: { type: 'integer' },
    },
  };
  return { description: 'What went wrong (RFC 9457)', content: { 'application/problem+json': { schema } } };
}
