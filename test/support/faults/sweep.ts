/** The sweep: runs every planned fault at every call, in a process under `fail-io.c`; prints the results as JSON. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { runOnFailingDevice, type DeviceRun, type Restart } from '#test/support/faults/failing-device-run.ts';
import { createFaultControl, describePlan, type FaultPlan } from '#test/support/faults/fault-plan.ts';

export interface SweepResult extends DeviceRun {
  readonly plan: FaultPlan;
  readonly restart: Restart;
  readonly title: string;
}

type Fault = Pick<FaultPlan, 'operation' | 'file' | 'error' | 'mode'> & { readonly calls: number };

const JOURNAL = 'log.db-wal';
const FILE = 'log.db';

/** `calls`: how many calls of the kind the appends and openings of one run make, about. */
const FAULTS: readonly Fault[] = [
  { operation: 'sync', file: JOURNAL, error: 'EIO', mode: 'nothing', calls: 5 },
  { operation: 'sync', file: JOURNAL, error: 'EIO', mode: 'done', calls: 5 },
  { operation: 'sync', file: FILE, error: 'EIO', mode: 'nothing', calls: 2 },
  { operation: 'sync', file: FILE, error: 'EIO', mode: 'done', calls: 2 },
  { operation: 'write', file: JOURNAL, error: 'ENOSPC', mode: 'nothing', calls: 16 },
  { operation: 'write', file: JOURNAL, error: 'ENOSPC', mode: 'half', calls: 16 },
  { operation: 'write', file: JOURNAL, error: 'EIO', mode: 'done', calls: 16 },
  { operation: 'write', file: FILE, error: 'ENOSPC', mode: 'nothing', calls: 3 },
  { operation: 'write', file: FILE, error: 'ENOSPC', mode: 'half', calls: 3 },
  { operation: 'truncate', file: JOURNAL, error: 'EIO', mode: 'nothing', calls: 2 },
  { operation: 'truncate', file: FILE, error: 'ENOSPC', mode: 'nothing', calls: 2 },
];

function* allPlans(): Generator<{ readonly plan: FaultPlan; readonly restart: Restart }> {
  for (const { calls, ...fault } of FAULTS) {
    for (let after = 0; after < calls; after++) {
      for (const count of [1, -1]) {
        for (const restart of ['close', 'kill'] as const) yield { plan: { ...fault, after, count }, restart };
      }
    }
  }
}

const [, , folder = '.'] = process.argv;
const control = createFaultControl(join(folder, 'control'));
const results: SweepResult[] = [];
for (const { plan, restart } of allPlans()) {
  const home = join(folder, `run-${results.length}`);
  mkdirSync(home);
  const run = await runOnFailingDevice({ folder: home, control, plan, restart });
  results.push({ ...run, plan, restart, title: `${describePlan(plan)}, then ${restart}` });
}
console.log(JSON.stringify(results));
