import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '#test/tidy/source-tree.ts';

/** What each rule has to find. Without types, or with a broken configuration, a linter finds nothing and is green. */
const EXAMPLES: Readonly<Record<string, string>> = {
  'no-floating-promises':
    'const save = async (): Promise<void> => {}; export const run = (): void => { save(); };',
  'switch-exhaustiveness-check':
    "export const sign = (side: 'debit' | 'credit'): number => { switch (side) { case 'debit': return 1; } return 0; };",
  'no-explicit-any': 'export const parse = (text: any): string => String(text);',
  'no-non-null-assertion': 'export const first = (list: number[]): number => list[0]!;',
  'no-unsafe-member-access': "export const id: unknown = JSON.parse('{}').id;",
  'no-misused-promises': 'export const run = (list: number[]): void => { list.forEach(async () => {}); };',
  'no-restricted-imports': "import '../outside.ts';",
  'no-default-export': 'export default 1;',
  eqeqeq: 'export const same = (a: number, b: number): boolean => a == b;',
};

describe('the linter, as it is configured', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vouch-lint-'));
  let report = '';

  beforeAll(() => {
    for (const file of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) {
      copyFileSync(join(PROJECT_ROOT, file), join(folder, file));
    }
    symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'));
    mkdirSync(join(folder, 'src'));
    for (const [rule, code] of Object.entries(EXAMPLES))
      writeFileSync(join(folder, 'src', `${rule}.ts`), code);
    writeFileSync(
      join(folder, 'src', 'left.ts'),
      "import type { Right } from './right.ts';\nexport type Left = Right;",
    );
    writeFileSync(
      join(folder, 'src', 'right.ts'),
      "import type { Left } from './left.ts';\nexport type Right = Left[];",
    );
    report = spawnSync(join(PROJECT_ROOT, 'node_modules/.bin/oxlint'), ['--format', 'unix', 'src'], {
      timeout: 20_000,
      cwd: folder,
      encoding: 'utf8',
    }).stdout;
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(Object.keys(EXAMPLES))('finds %s', (rule) => {
    const line = report
      .split('\n')
      .find((finding) => finding.includes(`${rule}.ts:`) && finding.includes(`(${rule})`));
    expect(line, report).toBeDefined();
  });

  test('finds a cycle of types', () => {
    expect(report).toContain('no-cycle');
  });
});
