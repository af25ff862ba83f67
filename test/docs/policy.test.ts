import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { policySchema } from '#src/decision/policy-schema.ts';
import { readPolicy } from '#src/decision/read-policy.ts';
import { LIMIT_FEATURES } from '#test/support/decision-setup.ts';

const PAGE = readFileSync('docs/policy.md', 'utf8');

function exampleText(): string {
  const [, text] = /```yaml\n([\s\S]*?)```/.exec(PAGE) ?? [];
  if (text === undefined) throw new Error('the page has no example');
  return text;
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
}

/** Every key that the schema knows, lists without their indexes. */
function keysOf({ properties, items }: SchemaNode, path: string): readonly string[] {
  if (items) return keysOf(items, path);
  if (!properties) return [path];
  return Object.entries(properties).flatMap(([key, one]) =>
    keysOf(one, path === '' ? key : `${path}.${key}`),
  );
}

describe('the page on the policy file', () => {
  test('has an example that is a policy', () => {
    expect(readPolicy(exampleText(), LIMIT_FEATURES)).toMatchObject({
      ok: true,
      policy: { version: '2026-11-24.1' },
    });
  });

  test('names in its table the keys of the schema and no others', () => {
    const named = [...PAGE.matchAll(/^\| `([\w.]+)` \|/gm)].map(([, key]) => key);
    const known = keysOf(z.toJSONSchema(policySchema, { io: 'input' }) as SchemaNode, '');
    expect(new Set(named)).toEqual(new Set(known));
    expect(named).toHaveLength(known.length);
  });
});
