import { describe, expect, test } from 'vitest';
import { listProjectFiles, readProjectFile } from '#test/tidy/source-tree.ts';

const FOLDER = 'docs/decisions/';
const decisions = listProjectFiles().filter((path) => path.startsWith(FOLDER) && !path.endsWith('README.md'));
const index = readProjectFile(`${FOLDER}README.md`);

describe.each(decisions)('%s', (path) => {
  const text = readProjectFile(path);
  const number = path.slice(FOLDER.length, FOLDER.length + 4);

  test('stands in the index under its own title', () => {
    const title = new RegExp(`^# ${number}\\. (.+)$`, 'm').exec(text)?.[1];
    expect(index).toContain(`| [${number}](${path.slice(FOLDER.length)}) | ${title} |`);
  });

  test('says why, and what follows', () => {
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Context', 'Decision', 'Instead of', 'Consequences']);
    expect(text).toMatch(/^Status: (in force|replaced by \d{4})$/m);
  });
});

test('decisions are numbered without gaps', () => {
  const numbers = decisions.map((path) => Number(path.slice(FOLDER.length, FOLDER.length + 4)));
  expect(numbers).toEqual(numbers.map((_, at) => at + 1));
});
