import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { train } from '#training/train/train-model.ts';
import { planOf } from '#training/train/training-plan.ts';
import type { TrainingPlan } from '#training/train/training-plan.ts';
import type { WorldParameters } from '#training/world/parameters.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'vouch-train-'));
afterAll(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string): string => path.join(folder, name);
const PLAN = planOf({ days: 10, customers: 200, seat: 'wallet' });

/** So much fraud that each part of a tiny world has some. */
function dense(world: WorldParameters): WorldParameters {
  return { ...world, people: { ...world.people, count: 200 }, fraud: { ...world.fraud, share: 0.4 } };
}

/** One world for each use. */
const SMALL: TrainingPlan = {
  ...PLAN,
  worlds: (['learn', 'stop', 'calibrate'] as const).flatMap((part) => {
    const world = PLAN.worlds.find((each) => each.part === part);
    return world === undefined ? [] : [{ ...world, parameters: dense(world.parameters) }];
  }),
  evaluationWorld: dense(PLAN.evaluationWorld),
  fraudTimes: 150,
  keptShare: 0.5,
  fit: { ...PLAN.fit, epochsMax: 2 },
};

/** Every file of the model that was written there. */
function filesIn(out: string): Readonly<Record<string, string>> {
  const model = path.join(inFolder(out), SMALL.name, SMALL.version);
  return Object.fromEntries(
    readdirSync(model).map((file) => [file, readFileSync(path.join(model, file), 'base64')]),
  );
}

const rowsIn = (work: string): string[] => readdirSync(inFolder(work)).toSorted();

test('interrupted after one of the worlds, training goes on from its rows and comes to the same files', async () => {
  await train(SMALL, { out: inFolder('first'), work: inFolder('work') });
  const all = rowsIn('work');
  const [kept, ...lost] = all;
  for (const file of lost) rmSync(path.join(inFolder('work'), file));
  await train(SMALL, { out: inFolder('resumed'), work: inFolder('work') });
  expect(lost.length).toBe(2);
  expect(kept).toBeDefined();
  expect(rowsIn('work')).toEqual(all);
  expect(filesIn('resumed')).toEqual(filesIn('first'));
});
