import { describe, expect, test } from 'vitest';
import type { HouseRule } from '#test/tidy/house-rule.ts';
import { HOUSE_RULES } from '#test/tidy/house-rules.ts';
import { barrelRule, cycleRule, driverRule, specifierRule } from '#test/tidy/import-rules.ts';
import { directionRule, layerRule, purityRule } from '#test/tidy/layer-rules.ts';
import { emptyWordRule, interfacePrefixRule, kebabRule, mainExportRule } from '#test/tidy/name-rules.ts';
import { fileSizeRule, functionSizeRule, headerRule, parameterRule } from '#test/tidy/size-rules.ts';
import { parseSource } from '#test/tidy/source-file.ts';
import { codeTextRule, environmentRule, findForbiddenText, hiddenInputRule } from '#test/tidy/text-rules.ts';

type Tree = Readonly<Record<string, string>>;

const check = (rule: HouseRule, tree: Tree): string[] =>
  rule.check(Object.entries(tree).map(([path, text]) => parseSource(path, text)));

const lines = (count: number): string => 'let n = 0;\n'.repeat(count);
/** In two parts, so that the rules do not find their own examples. */
const split = (head: string, tail: string): string => head + tail;

/** Each rule with trees that break it, one finding each. */
const BROKEN: readonly (readonly [HouseRule, Tree])[] = [
  [layerRule, { 'src/domain/a.ts': "import '#src/ports/b.ts';" }],
  [layerRule, { 'src/ports/a.ts': "import type { B } from '#src/features/b.ts';" }],
  [layerRule, { 'src/features/a.ts': "import type { B } from '#src/scoring/b.ts';" }],
  [layerRule, { 'src/decision/a.ts': "import '#src/adapters/http/b.ts';" }],
  [layerRule, { 'src/adapters/http/a.ts': "import '#src/adapters/sqlite/b.ts';" }],
  [layerRule, { 'src/journal/a.ts': "import '#src/app.ts';" }],
  [layerRule, { 'src/journal/a.ts': "const late = await import('#src/decision/b.ts');" }],
  [layerRule, { 'src/services/a.ts': '' }],
  [purityRule, { 'src/domain/a.ts': "import { z } from 'zod';" }],
  [purityRule, { 'src/domain/a.ts': "import { createHash } from 'node:crypto';" }],
  [purityRule, { 'src/scoring/a.ts': "import { readFileSync } from 'node:fs';" }],
  [directionRule, { 'src/a.ts': "import '#test/support/b.ts';" }],
  [directionRule, { 'src/a.ts': "import '#training/b.ts';" }],
  [directionRule, { 'training/a.ts': "import '#test/b.ts';" }],
  [driverRule, { 'src/app.ts': "import { Redis } from 'ioredis';" }],
  [driverRule, { 'src/adapters/memory/a.ts': "import { DatabaseSync } from 'node:sqlite';" }],
  [driverRule, { 'src/scoring/a.ts': "import type { Tensor } from '@tensorflow/tfjs-core';" }],
  [driverRule, { 'src/adapters/leveldb/a.ts': "import { createServer } from 'node:http';" }],
  [specifierRule, { 'src/domain/a.ts': "import '../ports/b.ts';" }],
  [specifierRule, { 'src/domain/a.ts': "import './b';" }],
  [barrelRule, { 'src/domain/a.ts': "export * from './b.ts';" }],
  [barrelRule, { 'src/domain/a.ts': "export type { B } from './b.ts';" }],
  [barrelRule, { 'src/domain/index.ts': 'export const index = 1;' }],
  [cycleRule, { 'src/a.ts': "import './b.ts';", 'src/b.ts': "import type { A } from '#src/a.ts';" }],
  [cycleRule, { 'src/a.ts': "import './a.ts';" }],
  [emptyWordRule, { 'src/domain/money-utils.ts': '' }],
  [emptyWordRule, { 'src/common/money.ts': '' }],
  [emptyWordRule, { 'src/domain/a.ts': 'export class AccountManager {}' }],
  [emptyWordRule, { 'src/domain/a.ts': 'export const encodeV2 = 1;' }],
  [emptyWordRule, { 'src/domain/a.ts': 'export class BaseScorer {}' }],
  [interfacePrefixRule, { 'src/domain/a.ts': 'export interface IScorer {}' }],
  [kebabRule, { 'src/domain/paymentFlow.ts': '' }],
  [kebabRule, { 'src/Domain/payment.ts': '' }],
  [mainExportRule, { 'src/domain/account.ts': 'export const roundUp = 1;' }],
  [fileSizeRule, { 'src/domain/a.ts': lines(401) }],
  [functionSizeRule, { 'src/domain/a.ts': `function longStory() {\n${lines(69)}}` }],
  [functionSizeRule, { 'src/domain/a.ts': `class A { tell = () => {\n${lines(69)}} }` }],
  [functionSizeRule, { 'test/a.test.ts': `describe('a', () => { test('b', () => {\n${lines(69)}}); });` }],
  [parameterRule, { 'src/domain/a.ts': 'export function add(a: 1, b: 2, c: 3, d: 4) {}' }],
  [parameterRule, { 'src/domain/a.ts': 'class A { constructor(a: 1, b: 2, c: 3, d = 4) {} }' }],
  [headerRule, { 'src/domain/a.ts': lines(61) }],
  [codeTextRule, { 'src/a.ts': split('// @ts-', 'ignore') }],
  [codeTextRule, { 'src/a.ts': split('// oxlint-', 'disable-next-line') }],
  [codeTextRule, { 'src/a.ts': split('const a = 1 as unknown ', 'as string;') }],
  [codeTextRule, { 'test/a.test.ts': split('test.', "skip('later', () => {});") }],
  [codeTextRule, { 'test/a.test.ts': split('vi.', "mock('#src/a.ts');") }],
  [hiddenInputRule, { 'src/domain/a.ts': 'const now = Date.now();' }],
  [hiddenInputRule, { 'src/decision/a.ts': 'const coin = Math.random();' }],
  [environmentRule, { 'src/app.ts': 'const port = process.env.PORT;' }],
];

/** What honest code does and the rules must allow. */
const SOUND: Tree = {
  'src/app.ts': "import '#src/decision/policy.ts';\nimport '#src/adapters/http/server.ts';",
  'src/config.ts': "export const config = process.env['VOUCH_SERVER_PORT'];",
  'src/domain/ip-address.ts': 'export interface IPv6Address {}\nexport type IpAddress = IPv6Address;',
  'src/domain/base-rate.ts': '// Unlike Date.now(), a base rate stands still.\nexport const baseRate = 0.01;',
  'src/decision/policy.ts':
    "import '#src/domain/base-rate.ts';\nimport { z } from 'zod';\nexport class Policy {}",
  'src/journal/verify-chain.ts':
    "import { hash } from 'node:crypto';\nexport function chainVerifier(this: void, a: 1, b: 2, c: 3) {}",
  'src/adapters/http/server.ts':
    "import { createServer } from 'node:http';\nexport const server = createServer();",
  'test/list.test.ts': `describe('a list', () => {\n${lines(100)}});\ndescribe.each([1])('of %i', () => {\n${lines(100)}});`,
};

describe('a house rule', () => {
  test.each(BROKEN.map(([rule, tree]) => ({ rule, tree, title: rule.title })))(
    'finds what breaks it: $title: $tree',
    ({ rule, tree }) => {
      expect(check(rule, tree)).toHaveLength(1);
    },
  );

  test('is broken by at least one of these examples, whichever it is', () => {
    const shown = new Set(BROKEN.map(([rule]) => rule));
    expect(HOUSE_RULES.filter((rule) => !shown.has(rule))).toEqual([]);
  });

  test.each(HOUSE_RULES)('lets sound code pass: $title', (rule) => {
    expect(check(rule, SOUND)).toEqual([]);
  });
});

test.each([
  split('// TO', 'DO later'),
  split('cd /work', '/main'),
  split('a coll', 'eague'),
  split('see issu', 'e #4'),
])('a text with %s is found', (text) => {
  expect(findForbiddenText({ path: 'docs/a.md', text })).toHaveLength(1);
});

test('a file that does not parse is an error, not an empty file', () => {
  expect(() => parseSource('src/a.ts', 'export const = ;')).toThrow('src/a.ts does not parse');
});
