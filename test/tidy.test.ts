import { describe, expect, test } from 'vitest';
import { HOUSE_RULES } from '#test/tidy/house-rules.ts';
import { listProjectFiles, readSourceTree, readTextFiles } from '#test/tidy/source-tree.ts';
import { findForbiddenText } from '#test/tidy/text-rules.ts';

/** Far below what is there, far above what a broken search would find. Raise them as the project grows. */
const FILES_MIN = 40;
const IMPORTS_MIN = 100;

describe('the house rules', () => {
  const files = readSourceTree();

  test('have read the whole tree', () => {
    const imports = files.flatMap((file) => file.imports);
    expect(files.length).toBeGreaterThan(FILES_MIN);
    expect(imports.length).toBeGreaterThan(IMPORTS_MIN);
    expect(files.flatMap((file) => file.functions).length).toBeGreaterThan(FILES_MIN);
    expect(files.some(({ path }) => path.startsWith('src/domain/'))).toBe(true);
  });

  test.each(HOUSE_RULES)('$title', ({ check }) => {
    expect(check(files)).toEqual([]);
  });

  test('no text holds a promise or a trace of where it was written', () => {
    const texts = readTextFiles();
    expect(texts.length).toBeGreaterThan(files.length);
    expect(texts.flatMap((file) => findForbiddenText(file))).toEqual([]);
  });

  test('nothing is stored that a build makes or a secret needs', () => {
    expect(
      listProjectFiles().filter((path) =>
        /(^|\/)(node_modules|dist|coverage)\/|\.(db|db-wal|pem|key|env)$/.test(path),
      ),
    ).toEqual([]);
  });
});
