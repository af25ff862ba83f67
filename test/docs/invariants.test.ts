import { describe, expect, test } from 'vitest';
import { readReferences } from '#test/docs/markdown.ts';
import { readProjectFile } from '#test/tidy/source-tree.ts';

const INVARIANTS =
  'L1 L2 L3 L4 L5 L6 L7 L8 L9 F1 F2 F3 F4 F5 F6 D1 D2 D3 D4 P1 X1 X2 X3 C1 C2 C3 C4 C5 C6'.split(' ');

interface InvariantRow {
  readonly id: string;
  readonly enforcedBy: string;
  readonly provenBy: string;
}

interface Proof {
  readonly file: string;
  readonly name: string;
}

const rows = readRows();

test('every invariant stands in docs/invariants.md once, and nothing else does', () => {
  expect(rows.map(({ id }) => id)).toEqual(INVARIANTS);
});

describe.each(rows)('the invariant $id', ({ enforcedBy, provenBy }) => {
  // That the code is there is checked with all other references, in references.test.ts.
  test('names the code that enforces it', () => {
    expect(readReferences(enforcedBy).code.filter(({ symbol }) => symbol !== undefined)).not.toEqual([]);
  });

  test('names the tests that prove it, and they are there', () => {
    const proofs = readProofs(provenBy);
    expect(proofs).not.toEqual([]);
    expect(proofs.filter(({ file, name }) => !holdsTest(readProjectFile(file), name))).toEqual([]);
  });
});

test('a proof is a test of that very name', () => {
  expect(readProofs('`test/a.test.ts` "a payment balances"')).toEqual([
    { file: 'test/a.test.ts', name: 'a payment balances' },
  ]);
  expect(holdsTest("test('a payment balances', () => {})", 'a payment balances')).toBe(true);
  expect(holdsTest("test('a payment balances now', () => {})", 'a payment balances')).toBe(false);
  expect(holdsTest("// 'a payment balances'", 'a payment balances')).toBe(false);
});

function readRows(): InvariantRow[] {
  return [
    ...readProjectFile('docs/invariants.md').matchAll(/^\| \*\*([A-Z]\d+)\*\* \|(.+)\|(.+)\|(.+)\|$/gm),
  ].map(([, id = '', , enforcedBy = '', provenBy = '']) => ({ id, enforcedBy, provenBy }));
}

function readProofs(cell: string): Proof[] {
  return [...cell.matchAll(/`(test\/[\w./-]+\.ts)` "([^"]+)"/g)].map(([, file = '', name = '']) => ({
    file,
    name,
  }));
}

/** The title is a whole string literal, the first argument of a call such as `test(…` or `test.each(…)(…`. */
function holdsTest(code: string, name: string): boolean {
  const literal = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`[(]\\s*(['"\`])${literal}\\1\\s*,`).test(code);
}
