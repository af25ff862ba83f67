import path from 'node:path';
import { expect, test } from 'vitest';
import { createPublishedFeatures, PUBLISHED_FEATURES } from '#training/handbook/published-features.ts';
import { streamFeatures } from '#training/handbook/stream-features.ts';
import { DAY_SECONDS, readTransactions } from '#training/handbook/transactions.ts';
import { handbookFolder, numberColumns } from '#test/support/handbook-data.ts';

const folder = handbookFolder();
const ROWS = 300_000;

test.skipIf(folder === undefined)(
  'the published features of sampled transactions equal the golden ones (needs handbook-data)',
  async () => {
    const all = await readTransactions(path.join(folder ?? '', 'dev_2018-04-01_2018-09-04.csv.gz'));
    const { values } = streamFeatures({ ...all, rows: ROWS }, [createPublishedFeatures(7 * DAY_SECONDS)]);
    const golden = numberColumns(path.join(folder ?? '', 'golden_features_3000.csv.gz'));
    const rows = Array.from(golden['TRANSACTION_ID'] ?? []);
    let compared = 0;
    rows.forEach((row, place) => {
      if (row >= ROWS) return;
      PUBLISHED_FEATURES.forEach((name, at) => {
        expect(values[row * PUBLISHED_FEATURES.length + at], `${name} of ${row}`).toBeCloseTo(
          golden[name]?.[place] ?? NaN,
          3,
        );
        compared += 1;
      });
    });
    expect(compared).toBeGreaterThan(5_000);
  },
);
