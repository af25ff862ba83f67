import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { COMMANDS } from '#src/cli/commands.ts';
import { anchorsOf, declares, readReferences } from '#test/docs/markdown.ts';
import { listProjectFiles, readProjectFile } from '#test/tidy/source-tree.ts';

const paths = listProjectFiles();
const documents = paths.filter((path) => path.endsWith('.md'));
const scripts = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readProjectFile('package.json'))).scripts;

describe.each(documents)('%s', (path) => {
  const references = readReferences(readProjectFile(path));

  test('links only to what is there', () => {
    expect(references.links.filter((link) => !leadsSomewhere(path, link))).toEqual([]);
  });

  test('names only code that is there', () => {
    const missing = references.code.filter(({ path: named, symbol }) => {
      if (symbol === undefined) return !exists(named);
      return !paths.includes(named) || !declares(readProjectFile(named), symbol);
    });
    expect(missing).toEqual([]);
  });

  test('names only commands that are there', () => {
    expect(references.scripts.filter((name) => scripts[name] === undefined)).toEqual([]);
    const known = COMMANDS.flatMap(({ name }) => [name, name.split(' ')[0]]);
    const unknown = references.commands.filter(
      (words) => !known.includes(words) && !known.includes(words.split(' ')[0]),
    );
    expect(unknown).toEqual([]);
  });
});

test('the documents that a newcomer looks for are read', () => {
  expect(documents).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/invariants.md']));
});

describe('a reference', () => {
  const markdown =
    'See [a](docs/a.md#b), [c](https://example.org), `src/a.ts:b`, `src/domain/` and `npm run check`.\n```\nnpm test\nnpx vouch verify --data d\n```';

  test('is read from links, code spans and code blocks', () => {
    expect(readReferences(markdown)).toEqual({
      links: ['docs/a.md#b'],
      code: [
        { path: 'src/a.ts', symbol: 'b' },
        { path: 'src/domain/', symbol: undefined },
      ],
      scripts: ['test', 'check'],
      commands: ['verify'],
    });
  });

  test.each(['load', 'Store', 'Store.get', 'Key', 'limit'])(
    'to %s is found where it is declared',
    (symbol) => {
      const code =
        'export function load() {}\nclass Store {\n  async get(id: string) {}\n}\ntype Key = string;\nconst limit = 1;';
      expect(declares(code, symbol)).toBe(true);
      expect(declares('load(); Store.get(); // Key limit', symbol)).toBe(false);
    },
  );

  test('to a heading is found by its anchor', () => {
    expect(anchorsOf('# The shard\n## What `verify` finds, and when')).toEqual([
      'the-shard',
      'what-verify-finds-and-when',
    ]);
  });
});

function exists(named: string): boolean {
  const folder = named.endsWith('/') ? named : `${named}/`;
  return paths.some((path) => path === named || path.startsWith(folder));
}

function leadsSomewhere(from: string, link: string): boolean {
  const [target = '', anchor] = link.split('#');
  const path = target === '' ? from : posix.normalize(posix.join(posix.dirname(from), target));
  if (anchor === undefined) return exists(path);
  return paths.includes(path) && anchorsOf(readProjectFile(path)).includes(anchor);
}
