import { expect, test } from 'vitest';
import { createMemoryStateStore } from '#src/adapters/memory/memory-state-store.ts';
import { DurableHistoryStage } from '#src/features/durable-history-stage.ts';
import { FEATURES } from '#src/features/feature-catalogue.ts';
import { HistoryFeatureStage } from '#src/features/history-feature-stage.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { tellRow } from '#test/support/tell-item.ts';
import { featureStream } from '#test/support/feature-stream.ts';
import type { FeatureItem, FeatureStreamSettings } from '#test/support/feature-stream.ts';
import { rated } from '#test/support/oracle/feature-oracle.ts';
import { seededRandom } from '#test/support/seeded-random.ts';

/** Less than the histories of the stream need, so that they come and go. */
const CACHE_BYTES = 96 * 1024;

/** As many as make the stage look for room everywhere. */
const MANY_ATTEMPTS = Array.from({ length: 256 }, () => {
  return { entityKeys: new Uint8Array(), featureTime: 0, amount: 0, asset: 'EUR' };
});

function rowsOf(settings: FeatureStreamSettings, random: () => number): readonly (readonly FeatureItem[])[] {
  const rows: FeatureItem[][] = [[]];
  for (const item of featureStream(settings)) {
    if (random() < 0.2) rows.push([]);
    rows.at(-1)?.push(item);
  }
  return rows;
}

function open(store: StateStore): DurableHistoryStage {
  return new DurableHistoryStage({ store, cacheBytes: CACHE_BYTES, toReference: rated, writtenAtLeast: 1 });
}

async function replayTail(
  store: StateStore,
  rows: readonly (readonly FeatureItem[])[],
): Promise<DurableHistoryStage> {
  const stage = open(store);
  for (const [index, row] of rows.entries()) {
    if (index + 1 <= stage.writtenPosition) continue;
    stage.beginRow(index + 1);
    await stage.load([]);
    tellRow(stage, row);
  }
  return stage;
}

function differences(
  position: number,
  vectors: readonly Float32Array[],
  expected: readonly Float32Array[],
): readonly string[] {
  return vectors.flatMap((vector, attempt) =>
    FEATURES.flatMap(({ name }, index) => {
      const right = expected[attempt]?.[index];
      return Object.is(vector[index], right)
        ? []
        : [`row ${position}: ${name} is ${vector[index]}, not ${right}`];
    }),
  );
}

test.each([1, 2])(
  'histories that come and go, are written in part and replayed after crashes give the same vectors (seed %i)',
  async (seed) => {
    const random = seededRandom(seed);
    const rows = rowsOf({ seed, payments: 450, days: 50, accounts: 10, merchants: 4, hotShare: 0.1 }, random);
    const plain = new HistoryFeatureStage({ toReference: rated });
    let broughtBack = 0;
    const memory = createMemoryStateStore();
    const store: StateStore = {
      ...memory,
      get(key) {
        const value = memory.get(key);
        if (value) broughtBack++;
        return value;
      },
    };
    let stage = open(store);
    let crashes = 0;
    const found: string[] = [];
    for (const [index, row] of rows.entries()) {
      const position = index + 1;
      if (random() < 0.05) {
        stage = await replayTail(store, rows.slice(0, index));
        crashes++;
      }
      await plain.load([]);
      stage.beginRow(position);
      await stage.load([]);
      found.push(...differences(position, tellRow(stage, row), tellRow(plain, row)));
      if (random() < 0.5) await stage.writeSome(position);
    }
    expect(found.slice(0, 20)).toEqual([]);
    expect(crashes).toBeGreaterThan(2);
    expect(broughtBack).toBeGreaterThan(1000);
    await stage.writeAll();
    expect(stage.writtenPosition).toBe(rows.length);
  },
);

test('a saturated history that was written and forgotten comes back as it was', async () => {
  const settings = { seed: 5, payments: 1150, days: 3, accounts: 100, merchants: 1 };
  const plain = new HistoryFeatureStage({ toReference: rated });
  const store = createMemoryStateStore();
  const stage = new DurableHistoryStage({ store, cacheBytes: 1, toReference: rated });
  const found: string[] = [];
  let position = 0;
  for (const item of featureStream(settings)) {
    position++;
    await plain.load([]);
    stage.beginRow(position);
    found.push(...differences(position, tellRow(stage, [item]), tellRow(plain, [item])));
    if (position % 150 !== 0) continue;
    await stage.writeAll();
    await stage.load(MANY_ATTEMPTS);
  }
  expect(found.slice(0, 20)).toEqual([]);
});
