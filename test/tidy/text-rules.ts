/** What may not stand in a text: promises, silenced checks, hidden inputs, and traces of the place where it was written. */
import { fileRule } from '#test/tidy/house-rule.ts';
import type { HouseRule } from '#test/tidy/house-rule.ts';
import type { TextFile } from '#test/tidy/source-tree.ts';

interface ForbiddenText {
  readonly pattern: RegExp;
  readonly remedy: string;
}

/** Split, so that this file does not find itself. */
const word = (head: string, tail: string): string => head + tail;

const EVERYWHERE: readonly ForbiddenText[] = [
  {
    pattern: new RegExp(`\\b(${word('TO', 'DO')}|${word('FIX', 'ME')})\\b`),
    remedy: 'do it or leave it',
  },
  { pattern: new RegExp(word('/work', '/\\w')), remedy: 'a path of one machine' },
  {
    pattern: new RegExp(`\\b(${word('work', 'tree')}|${word('coll', 'eague')})s?\\b`, 'i'),
    remedy: 'the project speaks of itself alone',
  },
  { pattern: new RegExp(word('\\bissu', 'es? (#?\\d|show)'), 'i'), remedy: 'say the reason, not its number' },
];

const IN_CODE: readonly ForbiddenText[] = [
  { pattern: new RegExp(word('@ts-', '(ignore|expect-error|nocheck)')), remedy: 'mend the type' },
  { pattern: new RegExp(word('(ox|es)lint-', 'disable')), remedy: 'mend the code, or the rule' },
  { pattern: new RegExp(word('\\bas unknown ', 'as\\b')), remedy: 'narrow with a check' },
  { pattern: new RegExp(word('\\bas ', 'any\\b')), remedy: 'narrow with a check' },
  {
    pattern: new RegExp(word('\\b(it|test|describe)\\.', '(skip|only|todo)\\b')),
    remedy: 'run it or delete it; for a missing tool use optionalTool',
  },
  { pattern: new RegExp(word('\\bvi\\.', '(mock|doMock|stubGlobal)\\b')), remedy: 'pass the dependency in' },
];

/** What makes a replay differ from what happened. */
const IN_PURE_CODE: readonly ForbiddenText[] = [
  {
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bprocess\.hrtime/,
    remedy: 'time comes in as an argument',
  },
  {
    pattern: /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/,
    remedy: 'randomness comes in as an argument',
  },
];

export function findForbiddenText(file: TextFile): string[] {
  return findAll(file, EVERYWHERE);
}

export const codeTextRule: HouseRule = fileRule('nothing is silenced, skipped or mocked away', (file) =>
  findAll(file, IN_CODE),
);

export const hiddenInputRule: HouseRule = fileRule('domain and stages know no clock and no chance', (file) =>
  /^src\/(domain|ports|pending|features|scoring|decision|journal|ingest)\//.test(file.path)
    ? findAll({ path: file.path, text: file.code }, IN_PURE_CODE)
    : [],
);

export const environmentRule: HouseRule = fileRule('only src/config.ts reads the environment', (file) => {
  if (!file.path.startsWith('src/') || file.path === 'src/config.ts') return [];
  return findAll({ path: file.path, text: file.code }, [
    { pattern: /\bprocess\.env\b/, remedy: 'read it in src/config.ts and pass it in' },
  ]);
});

function findAll({ path, text }: TextFile, forbidden: readonly ForbiddenText[]): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      forbidden
        .filter(({ pattern }) => pattern.test(line))
        .map(({ pattern, remedy }) => `${path}:${index + 1}: ${pattern.exec(line)?.[0]} (${remedy})`),
    );
}
