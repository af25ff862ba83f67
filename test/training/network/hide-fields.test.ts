import { expect, test } from 'vitest';
import type { NormaliserTables } from '#src/scoring/normaliser.ts';
import { createFieldHider } from '#training/network/hide-fields.ts';
import { createRandom } from '#training/random.ts';

const plain = { transform: 'identity', centre: 0, scale: 1 } as const;
const TABLES: NormaliserTables = {
  features: [plain, plain, { ...plain, transform: 'masked' }, plain],
  indicators: [
    { kind: 'not sent', features: [1, 3] },
    { kind: 'no history', features: [3] },
    { kind: 'not sent', features: [0] },
  ],
};

test('a hidden field is shown as not sent in a share of the rows, and nothing else is touched', () => {
  const rows = 4000;
  const inputs = Float32Array.from({ length: rows * 6 }, (_, at) => [5, 6, 7, 0, 1, 0][at % 6] ?? 0);
  createFieldHider(TABLES, [new Set([1, 2, 3])])(inputs, rows, createRandom(2));
  const texts = Array.from({ length: rows }, (_, row) => inputs.subarray(row * 6, row * 6 + 6).join(' '));
  const hidden = texts.filter((text) => text === '5 0 0 1 0 0').length;
  expect(hidden + texts.filter((text) => text === '5 6 7 0 1 0').length).toBe(rows);
  expect(hidden / rows).toBeGreaterThan(0.12);
  expect(hidden / rows).toBeLessThan(0.18);
});
