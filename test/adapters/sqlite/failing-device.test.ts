/** SQLite on a device that fails, by a library below it that makes system calls fail (`fail-io.c`). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { CheckpointRun } from '#test/support/faults/failing-checkpoint-run.ts';
import type { SweepResult } from '#test/support/faults/sweep.ts';
import { compileShim, runWithFaults } from '#test/support/faults/faulty-process.ts';
import { hasTool } from '#test/support/optional-tool.ts';
import { makeFolderInMemory, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const canFail = process.platform === 'linux' && hasTool('gcc');

describe.skipIf(!canFail)('a log on a failing device (needs gcc)', () => {
  let folder: TemporaryFolder;
  let results: readonly SweepResult[];
  let checkpointRun: CheckpointRun;

  beforeAll(async () => {
    folder = await makeFolderInMemory();
    const library = await compileShim(folder.path);
    const run = (script: string) =>
      runWithFaults({ script: `test/support/faults/${script}`, folder: folder.path, library });
    results = JSON.parse(await run('sweep.ts')) as readonly SweepResult[];
    checkpointRun = JSON.parse(await run('failing-checkpoint-run.ts')) as CheckpointRun;
  });

  afterAll(() => folder.remove());

  test('whichever call fails, nothing acknowledged is lost, nothing doubled, and no half row is read', () => {
    const broken = results.filter(({ violations }) => violations.length > 0);
    expect(broken.map(({ title, violations }) => `${title}: ${violations.join('; ')}`)).toEqual([]);
  });

  test('each kind of fault really met an append or an opening', () => {
    const kinds = new Map<string, number>();
    for (const { plan, outcomes, failedOpenings } of results) {
      const kind = `${plan.operation} ${plan.file} ${plan.error} ${plan.mode}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + outcomes.length + failedOpenings);
    }
    expect(kinds.size).toBe(11);
    expect([...kinds].filter(([, met]) => met === 0)).toEqual([]);
  });

  test('a sync that failed has written in some runs and not in others, and both are read back', () => {
    const outcomes = results
      .filter(({ plan }) => plan.operation === 'sync' && plan.file === 'log.db-wal')
      .flatMap((result) => result.outcomes);
    expect(new Set(outcomes)).toEqual(new Set(['lost', 'kept']));
  });

  test('a log that cannot sync what a killed process left does not open', () => {
    const runs = results.filter(
      ({ plan, restart }) =>
        plan.operation === 'sync' && plan.file === 'log.db' && plan.count === -1 && restart === 'kill',
    );
    expect(runs.length).toBeGreaterThan(0);
    expect(runs.filter(({ plan, failedOpenings }) => plan.after === 0 && failedOpenings === 0)).toEqual([]);
  });

  test('a full disk writes no row, not even half of one', () => {
    const outcomes = results
      .filter(({ plan }) => plan.error === 'ENOSPC')
      .flatMap((result) => result.outcomes);
    expect(outcomes.length).toBeGreaterThan(50);
    expect(new Set(outcomes)).toEqual(new Set(['lost']));
  });

  test('a checkpoint that fails stops the log, loses nothing, and is made up for once the device works', () => {
    expect(checkpointRun.reported).toBe('io');
    expect(checkpointRun.rowsVerified).toBe(checkpointRun.rowsAcknowledged);
    expect(checkpointRun.problems).toBe(0);
    expect(checkpointRun.bytesMoved).toBeGreaterThan(8 * 512 * 1_024);
  });
});
