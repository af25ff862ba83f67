/**
 * `kill -9` of the real server under load: twice by default, ten times in CI, and by hand as often as one likes:
 * `VOUCH_CRASHES=200 npm run test:crash`. A seed is printed; `VOUCH_CRASH_SEED` plays the same payments and kill counts again (not the same timing).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runCrashes, type CrashReport } from '#test/support/crash/crash-run.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const KILLS = Number(process.env['VOUCH_CRASHES'] ?? 2);
const SEED = Number(process.env['VOUCH_CRASH_SEED'] ?? Date.now() % 1_000_000);
/** A few seconds where nothing else runs. */
const MILLIS_PER_KILL_MAX = 90_000;
/** A long run says how far it is. */
const KILLS_BETWEEN_WORDS = 10;

function onKill({ kills, acknowledged, violations }: CrashReport): void {
  if (kills % KILLS_BETWEEN_WORDS !== 0) return;
  process.stderr.write(`${kills} kills, ${acknowledged} acknowledged, ${violations.length} violations\n`);
}

describe('a server that is killed under load', () => {
  let folder: TemporaryFolder;
  let report: CrashReport;

  beforeAll(
    async () => {
      folder = await makeTemporaryFolder();
      report = await runCrashes({ dataFolder: folder.path, kills: KILLS, seed: SEED, onKill });
      console.log(
        `crash test, seed ${SEED}: ${JSON.stringify({ ...report, violations: report.violations.length })}`,
      );
    },
    MILLIS_PER_KILL_MAX * (KILLS + 2),
  );

  afterAll(() => folder.remove());

  test('loses nothing that it acknowledged, does nothing twice, and its log verifies', () => {
    expect(report.violations).toEqual([]);
  });

  test('was really killed with payments on their way', () => {
    expect(report.acknowledged).toBeGreaterThan(KILLS * 10);
    expect(report.unsure).toBeGreaterThanOrEqual(KILLS);
  });
});
