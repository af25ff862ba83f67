import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { StateRun } from '#test/support/faults/failing-state-run.ts';
import { compileShim, runWithFaults } from '#test/support/faults/faulty-process.ts';
import { hasTool } from '#test/support/optional-tool.ts';
import { makeFolderInMemory, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const canFail = process.platform === 'linux' && hasTool('gcc');

describe.skipIf(!canFail)('a state store on a failing device (needs gcc)', () => {
  let folder: TemporaryFolder;

  beforeAll(async () => {
    folder = await makeFolderInMemory();
  });

  afterAll(() => folder.remove());

  test('syncs every write: one whose sync failed is not taken for written, and the store works again later', async () => {
    const library = await compileShim(folder.path);
    const script = 'test/support/faults/failing-state-run.ts';
    const run = JSON.parse(await runWithFaults({ script, folder: folder.path, library })) as StateRun;
    expect(run).toEqual({ whileFailing: 'rejected', valueAfterwards: 'third' });
  });
});
