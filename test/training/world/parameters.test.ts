import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TRAINING } from '#training/world/parameter-sets.ts';

const README = readFileSync('training/world/README.md', 'utf8');
const NAMED_BY_THE_SET = ['name', 'seat'];

/** `people.count`, `fraud.share`, … as the README names them. */
function namesOf(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, part]) => {
    const plain = typeof part !== 'object' || part === null || Array.isArray(part) || prefix !== '';
    return plain ? [prefix + key] : namesOf(part as object, `${key}.`);
  });
}

describe('the parameters of a world', () => {
  const names = namesOf(TRAINING).filter((name) => !NAMED_BY_THE_SET.includes(name));

  test('are many', () => {
    expect(names.length).toBeGreaterThan(30);
  });

  test.each(names)('%s is explained in the README with its source', (name) => {
    expect(README).toContain(`\`${name}\``);
  });
});
