import { expect, test } from 'vitest';
import { MemoryEntityLogStore } from '#src/adapters/memory/memory-entity-log-store.ts';
import { readShape, recordsIn } from '#src/features/shared/log-shape.ts';
import { RECORD_BYTES } from '#src/ports/entity-log-store.ts';
import { featureStream } from '#test/support/feature-stream.ts';
import {
  catchUpAll,
  OFTEN_COMPACTED,
  SHARED_STREAM,
} from '#test/support/shared-histories/concurrent-shards.ts';
import { shardTimeOf, TellingShard } from '#test/support/shared-histories/telling-shard.ts';

const BUSY = { ...OFTEN_COMPACTED, keptMost: 300, stepMost: 200 };

function recordsBehind(log: Uint8Array): number {
  const shape = readShape(log);
  return recordsIn(shape, log.length) - shape.base;
}

test('the log of an entity that all pay has a longest length, and a batch reads of it what is new', async () => {
  const store = new MemoryEntityLogStore();
  let now = 0;
  let bytesRead = 0;
  let mostBehind = 0;
  const read = store.read.bind(store);
  store.read = async (reads) => {
    const logs = await read(reads);
    // Compactions say how much they want.
    for (const [index, { from, bytes }] of reads.entries())
      if (from > 0 && bytes === undefined) bytesRead += logs[index]?.length ?? 0;
    return logs;
  };
  const settings = { store, shards: 2, now: () => now, compaction: BUSY };
  const shards = [0, 1].map((shard) => new TellingShard({ ...settings, shard }));
  await catchUpAll(shards);
  const stream = { ...SHARED_STREAM, payments: 1_800, days: 3, accounts: 100, hotShare: 0.9 };
  let told = 0;
  for (const item of featureStream(stream)) {
    now = shardTimeOf([item]);
    await shards[told++ % 2]?.tell([item]);
    for (const log of store.logs.values()) mostBehind = Math.max(mostBehind, recordsBehind(log));
  }
  const ever = [...store.logs.values()].map((log) => recordsIn(readShape(log), log.length));
  expect(Math.max(...ever)).toBeGreaterThan(2_000);
  expect(mostBehind).toBeLessThan(BUSY.keptMost + 2 * BUSY.stepMost);
  // Nine entities at most, each with what the other shard has told since.
  expect(bytesRead / told).toBeLessThan(9 * 3 * RECORD_BYTES);
});
