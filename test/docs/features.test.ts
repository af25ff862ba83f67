import { expect, test } from 'vitest';
import { FEATURE_COUNT, FEATURES } from '#src/features/feature-catalogue.ts';
import { featureDocument } from '#test/support/feature-document.ts';

test('the page on features is what the catalogue says', async () => {
  await expect(featureDocument()).toMatchFileSnapshot('../../docs/features.md');
});

test('every feature has a name of its own, and says what it means and when it has no value', () => {
  expect(new Set(FEATURES.map(({ name }) => name)).size).toBe(FEATURE_COUNT);
  for (const { name, meaning, sentence } of FEATURES) {
    expect(name).toMatch(/^[a-zA-Z0-9]+(_[a-zA-Z0-9]+)*$/);
    expect(meaning.length).toBeGreaterThan(10);
    expect(sentence).toContain('{value}');
  }
});
