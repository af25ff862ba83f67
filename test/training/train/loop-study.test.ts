import { expect, test } from 'vitest';
import { startWasmBackend } from '#src/adapters/tfjs/wasm-backend.ts';
import { studyLoop } from '#training/train/loop-study.ts';
import { planOf } from '#training/train/training-plan.ts';
import type { TrainingPlan } from '#training/train/training-plan.ts';
import type { WorldParameters } from '#training/world/parameters.ts';

/** Against the plan's own density. */
const DENSER = 5;
const PEOPLE = 300;
const PLAN = planOf({ days: 14, customers: PEOPLE, seat: 'wallet' });

/** So much fraud that a small world has hundreds. */
function dense(world: WorldParameters): WorldParameters {
  return {
    ...world,
    people: { ...world.people, count: PEOPLE },
    fraud: { ...world.fraud, share: world.fraud.share * DENSER },
  };
}

const SMALL: TrainingPlan = {
  ...PLAN,
  // Three to learn from, one to stop by and one to calibrate.
  worlds: [0, 1, 2, 7, 8].flatMap((place) => {
    const world = PLAN.worlds[place];
    return world === undefined ? [] : [{ ...world, parameters: dense(world.parameters) }];
  }),
  evaluationWorld: dense(PLAN.evaluationWorld),
  fraudTimes: PLAN.fraudTimes * DENSER,
  keptShare: 0.4,
};

/** Some ten seconds, the longest of these tests; the seeds are fixed, so it is the same each time. */
test('who learnt from recordings loses more to attackers who react, and ranks them worse', async () => {
  await startWasmBackend();
  const closed = await studyLoop(SMALL, 'closed');
  const open = await studyLoop(SMALL, 'open');
  expect(Math.min(closed.frauds, open.frauds)).toBeGreaterThan(100);
  expect(open.averagePrecision).toBeLessThan(closed.averagePrecision);
  expect(open.lostShare).toBeGreaterThan(1.2 * closed.lostShare);
});
