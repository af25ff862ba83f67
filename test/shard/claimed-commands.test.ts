import { expect, test } from 'vitest';
import { MemoryEntityLogStore } from '#src/adapters/memory/memory-entity-log-store.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import { SharedHistoryStage } from '#src/features/shared/shared-history-stage.ts';
import { claimedCommands } from '#src/shard/claimed-commands.ts';
import { envelopeOf, memoryLedger, payCommand } from '#test/support/flow-harness.ts';

const SHARDS = 2;

function claimingShard(store: MemoryEntityLogStore, index: number) {
  const features = new SharedHistoryStage({
    store,
    shard: index,
    shards: SHARDS,
    toReference: (amount) => amount,
    cacheBytes: 1 << 20,
    now: () => 0,
    onAway: () => undefined,
  });
  return { features, ledger: memoryLedger(), place: { index, count: SHARDS } };
}

function claimedBy(envelopes: readonly CommandEnvelope[]): readonly (number | undefined)[] {
  return envelopes.map(({ command }) => (command.type === 'Pay' ? command.claimedBy : undefined));
}

const payments = (...ids: readonly string[]) => ids.map((id) => envelopeOf(payCommand({ id })));

test('a payment whose id another shard has claimed says so, one that is this shard’s own does not', async () => {
  const store = new MemoryEntityLogStore();
  const [first, second] = [claimingShard(store, 0), claimingShard(store, 1)];
  expect(claimedBy(await claimedCommands(payments('p1', 'p2'), first))).toEqual([undefined, undefined]);
  expect(claimedBy(await claimedCommands(payments('p2', 'p3'), second))).toEqual([0, undefined]);
  expect(claimedBy(await claimedCommands(payments('p2', 'p3'), first))).toEqual([undefined, 1]);
});

test('where claims cannot be asked for the commands go on as they are', async () => {
  const store = new MemoryEntityLogStore();
  store.standing = { type: 'away', reason: 'nobody is there' };
  const commands = payments('p1');
  expect(await claimedCommands(commands, claimingShard(store, 0))).toEqual(commands);
});
