import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROBLEM_KINDS } from '#src/adapters/http/problem.ts';
import { BODY_EXAMPLES } from '#src/ingest/bodies/body-examples.ts';
import { httpHarness } from '#test/support/http-harness.ts';
import type { HttpHarness } from '#test/support/http-harness.ts';

let http: HttpHarness;
let text: string;
beforeAll(async () => {
  http = await httpHarness();
  text = (await http.send('GET', '/openapi.json', { token: null })).text;
});
afterAll(() => http.close());

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
  readonly responses: Readonly<Record<string, object>>;
}

interface JsonSchema {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, { readonly anyOf?: readonly { readonly type: string }[] }>>;
  readonly additionalProperties: boolean;
}

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

function readDocument(): OpenApi {
  return JSON.parse(text) as OpenApi;
}

describe('the OpenAPI document', () => {
  it('has every route of the server, and no other', () => {
    const { openapi, paths } = readDocument();
    expect(openapi).toBe('3.1.0');
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = http.server.routes.map(({ method, path }) => `${method} ${path}`);
    expect(served.length).toBeGreaterThan(25);
    expect(documented.toSorted()).toEqual(served.toSorted());
  });

  it('names each operation once', () => {
    const names = Object.values(readDocument().paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it('has an example of every body, which the schema allows', () => {
    const bodies = http.server.routes.flatMap(({ path, body }) =>
      body ? [{ path, schema: body.schema }] : [],
    );
    expect(bodies.map(({ path }) => path).toSorted()).toEqual(Object.keys(BODY_EXAMPLES).toSorted());
    for (const { path, schema } of bodies) {
      expect(schema.safeParse(BODY_EXAMPLES[path]).error, path).toBeUndefined();
    }
  });

  it('describes the body of a payment as it is validated', () => {
    const content = readDocument().paths['/v1/payments']?.['post']?.requestBody?.content;
    const schema = content?.['application/json']?.schema;
    expect(schema?.required).toEqual(['amount', 'asset', 'creditor', 'debtor', 'id', 'occurredAt']);
    expect(schema?.additionalProperties).toBe(false);
    const card = JSON.stringify(schema?.properties['card']);
    expect(card).toContain('{"type":"string","pattern":"^[A-Za-z0-9_.:-]{1,128}$"},{"type":"object"');
  });
});

describe('docs/problems.md', () => {
  it('explains every type of problem with its status, and no other', () => {
    const lines = readFileSync('docs/problems.md', 'utf8').split('\n');
    const rows = lines.flatMap(
      (line) => /^\| `\/problems\/([a-z-]+)` \| (\d{3}) \| .+ \| .+ \|$/.exec(line)?.slice(1, 3) ?? [],
    );
    const kinds = Object.entries(PROBLEM_KINDS).flatMap(([type, { status }]) => [type, String(status)]);
    expect(rows).toEqual(kinds);
  });
});

describe('docs/api.md', () => {
  it('lists every route with its scopes', () => {
    const page = readFileSync('docs/api.md', 'utf8');
    const rows = http.server.routes.map(({ method, path, scopes, summary, open }) => {
      const wanted = open === 'everywhere' ? 'none' : scopes.map((scope) => `\`${scope}\``).join(' ');
      return `| \`${method} ${path}\` | ${wanted} | ${summary} |`;
    });
    expect(page.split('\n').filter((line) => line.startsWith('| `'))).toEqual(rows);
  });

  it('begins with a payment that is taken as it stands', async () => {
    const page = readFileSync('docs/api.md', 'utf8');
    const body = /-d '(\{.+\})'/.exec(page)?.[1] ?? '';
    expect((await http.send('POST', '/v1/payments', { body })).status).toBe(201);
  });
});
