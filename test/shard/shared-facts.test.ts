import { describe, expect, test } from 'vitest';
import type { Command } from '#src/domain/commands.ts';
import { decodePersonalContent } from '#src/domain/encoding/row-codec.ts';
import { MessageGapError } from '#src/domain/ledger/receive-message.ts';
import { sealPersonal } from '#src/ingest/seal-personal.ts';
import { ClusterHarness } from '#test/support/cluster-harness.ts';
import { digestOf, openCommand } from '#test/support/flow-harness.ts';

const token: Command = {
  type: 'CreateToken',
  tokenId: 't1',
  name: 'ops',
  digest: digestOf('t1'),
  scopes: ['admin'],
};

const blocked: Command = {
  type: 'AddListEntry',
  entryId: 'b1',
  list: 'block',
  kind: 'card',
  reason: 'stolen',
  personal: sealPersonal({ entity: 'card_1' }, () => new Uint8Array(16)),
};

function rates(date: string): Command {
  return { type: 'RecordRates', date, base: 'EUR', rates: { USD: 1.1 } };
}

describe('a fact that all shards share', () => {
  test('is decided by the first shard and applied by the others, in its order', async () => {
    const cluster = new ClusterHarness(3);
    await cluster.run(0, token, rates('2026-11-24'), blocked, rates('2026-11-25'));
    await cluster.settle();
    for (const index of [1, 2]) {
      const { shard } = cluster.shard(index);
      expect(shard.tokens.get('t1')).toMatchObject({ name: 'ops' });
      expect(shard.rates?.date).toBe('2026-11-25');
      expect(shard.decisions.list('block').get('b1')).toMatchObject({ value: 'card_1', reason: 'stolen' });
    }
  });

  test('is refused by every other shard', async () => {
    const cluster = new ClusterHarness(2);
    const [answer] = await cluster.run(1, token);
    expect(answer).toMatchObject({ type: 'RefusedAnswer', refusal: 'wrong_shard' });
    expect(cluster.recordsOf(1)).toEqual([]);
  });

  test('keeps what it says of persons out of the facts of every shard', async () => {
    const cluster = new ClusterHarness(2);
    await cluster.run(0, blocked);
    await cluster.settle();
    for (const index of [0, 1]) {
      const text = Buffer.from(JSON.stringify(cluster.recordsOf(index))).toString();
      expect(text).not.toContain('card_1');
      const [result] = cluster.shard(index).results;
      const part = result?.personal.get(0);
      expect(part && decodePersonalContent(part).entity).toBe('card_1');
    }
  });
});

describe('a message between shards', () => {
  test('has its effect once, however often it comes', async () => {
    const cluster = new ClusterHarness(2);
    await cluster.run(0, token, rates('2026-11-24'));
    await cluster.settle();
    const events = cluster.recordsOf(1);
    const count = events.length;
    for (const which of [0, 1, 0]) await cluster.repeat({ source: 0, target: 1 }, which);
    expect(cluster.recordsOf(1)).toHaveLength(count);
  });

  test('that is missing stops the shard', async () => {
    const cluster = new ClusterHarness(2);
    await cluster.run(0, token, rates('2026-11-24'));
    cluster.channel(0, 1).taken = 1;
    await expect(cluster.deliver({ source: 0, target: 1 })).rejects.toThrow(MessageGapError);
  });

  test('has the same number after a replay of the sender, and the receiver knows what it has taken', async () => {
    const cluster = new ClusterHarness(2);
    await cluster.run(0, token);
    await cluster.settle();
    const before = [cluster.dumpOf(0), cluster.dumpOf(1)];
    await cluster.restore(0);
    await cluster.restore(1);
    expect([cluster.dumpOf(0), cluster.dumpOf(1)]).toEqual(before);
    await cluster.run(0, rates('2026-11-25'));
    await cluster.settle();
    expect(cluster.shard(1).shard.rates?.date).toBe('2026-11-25');
    expect(cluster.shard(0).state.counters.sent).toEqual([0, 2]);
    expect(cluster.shard(1).state.counters.received).toEqual([2]);
  });
});

describe('a command for another shard', () => {
  test('is refused and leaves nothing', async () => {
    const cluster = new ClusterHarness(2);
    const [answer] = await cluster.run(0, openCommand(cluster.accountIn(1, 'a'), 'forbidden'));
    expect(answer).toMatchObject({ type: 'RefusedAnswer', refusal: 'wrong_shard' });
  });
});
