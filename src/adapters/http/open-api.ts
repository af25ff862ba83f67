/**
 * The OpenAPI 3.1 document, made of the routes that the router has and the schemas that validate, so
 * that it cannot say anything else than what the server does.
 */
import { z } from 'zod';
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
    ...(body && { requestBody: requestBody(body) }),
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

function requestBody({ schema, contentType }: NonNullable<Route['body']>): Json {
  return { required: true, content: { [contentType]: { schema: bodySchema(schema) } } };
}

/** A card may be its id alone, which the schema does before it validates. */
function bodySchema(schema: z.ZodObject): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return json;
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
