import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FEATURE_COUNT } from '#src/features/feature-catalogue.ts';
import { RowCollector } from '#training/pipeline/row-collector.ts';
import { loadRows, saveRows } from '#training/train/rows-file.ts';
import { planOf } from '#training/train/training-plan.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'vouch-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));

const plan = planOf({ days: 3, customers: 10 });
const [world] = plan.worlds;

test('rows come back from disk as they were, and only for the world that they are of', async () => {
  if (world === undefined) throw new Error('a plan needs a world');
  const collector = new RowCollector({ columns: FEATURE_COUNT, keptShare: 1, seed: 1 });
  for (let place = 0; place < 3; place++) {
    const vector = new Float32Array(FEATURE_COUNT).fill(place + 0.5);
    const family = place === 1 ? 'mule_chain' : null;
    collector.add({
      id: `p${place}`,
      vector,
      at: 1000 + place,
      isRare: true,
      weight: 1 / (place + 1),
      family,
    });
  }
  collector.label('p1', true);
  const place = { folder, plan, world };
  await saveRows(place, collector.rows());
  expect(await loadRows(place)).toEqual(collector.rows());
  expect(await loadRows({ ...place, world: { ...world, seed: world.seed + 1 } })).toBeUndefined();
});
