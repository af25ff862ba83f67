/** A state store on a device whose syncs fail; prints whether its writes said so. To be run under `fail-io.c`. */
import { join } from 'node:path';

import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { createFaultControl } from '#test/support/faults/fault-plan.ts';

export interface StateRun {
  readonly whileFailing: 'resolved' | 'rejected';
  /** What a store that was opened again on a working device holds. */
  readonly valueAfterwards: string | null;
}

const [, , folder = '.'] = process.argv;
const control = createFaultControl(join(folder, 'control'));
const path = join(folder, 'state');
const put = (value: string) => ({ puts: [{ key: 'key', value: Buffer.from(value) }], deletes: [] });

const failing = await openLevelDbStateStore(path);
await failing.write(put('first'));
control.arm({ operation: 'sync', file: '.log', error: 'EIO', mode: 'nothing', after: 0, count: -1 });
const whileFailing = await failing.write(put('second')).then(
  () => 'resolved' as const,
  () => 'rejected' as const,
);
control.disarm();
await failing.close();
const store = await openLevelDbStateStore(path);
await store.write(put('third'));
const value = store.get('key');
await store.close();
const run: StateRun = {
  whileFailing,
  valueAfterwards: value === undefined ? null : Buffer.from(value).toString(),
};
console.log(JSON.stringify(run));
