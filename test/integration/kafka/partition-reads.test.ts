import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { PartitionReads, type Assignment } from '#src/adapters/kafka/partition-reads.ts';
import { shardAssigner } from '#src/adapters/kafka/shard-assigner.ts';
import { makeTestTopics, type TestTopics } from '#test/support/kafka/test-topics.ts';
import { hasTool } from '#test/support/optional-tool.ts';

const SHARDS = 4;

interface Member {
  readonly reads: PartitionReads;
  /** Newest last. */
  readonly assignments: Assignment[];
}

describe.skipIf(!hasTool('kafka'))('members that read the partitions of shards (needs kafka)', () => {
  let stage: TestTopics;
  const members: Member[] = [];
  beforeEach(async () => {
    stage = await makeTestTopics(SHARDS);
  });
  afterEach(async () => {
    for (const { reads } of members.splice(0)) await reads.close();
  });

  async function join(): Promise<Member> {
    const { kafka, topics, prefix } = stage;
    const assignments: Assignment[] = [];
    const owned = () => assignments.at(-1)?.partitions ?? [];
    const reads = await PartitionReads.open({
      kafka,
      groupId: `${prefix}.members`,
      isAlone: false,
      topics: [topics.commands, topics.messages],
      assigner: shardAssigner({ shards: SHARDS, owned }),
      onAssignment: (assignment) => void assignments.push(assignment),
    });
    const member = { reads, assignments };
    members.push(member);
    return member;
  }

  function shardsOf({ assignments }: Member): readonly number[] {
    return [...(assignments.at(-1)?.partitions ?? [])].toSorted((left, right) => left - right);
  }

  test('have a shard’s commands and messages together, and keep what need not move', async () => {
    const first = await join();
    expect(shardsOf(first)).toEqual([0, 1, 2, 3]);
    const second = await join();
    await vi.waitFor(() => expect(shardsOf(first)).toHaveLength(2), { timeout: 60_000 });
    expect(first.assignments.at(-1)?.isContinued).toBe(true);
    const all = [...shardsOf(first), ...shardsOf(second)];
    expect(all.toSorted((left, right) => left - right)).toEqual([0, 1, 2, 3]);
    const { commands, messages } = stage.topics;
    for (const partition of [0, 1, 2, 3]) {
      const hasCommands = first.reads.has({ topic: commands, partition });
      expect(first.reads.has({ topic: messages, partition })).toBe(hasCommands);
      expect(second.reads.has({ topic: commands, partition })).toBe(!hasCommands);
    }
    const before = shardsOf(second);
    members.splice(members.indexOf(first), 1);
    await first.reads.close();
    await vi.waitFor(() => expect(shardsOf(second)).toHaveLength(4), { timeout: 60_000 });
    expect(shardsOf(second)).toEqual(expect.arrayContaining([...before]));
  });

  test('know after joining anew that they may have missed something', async () => {
    const member = await join();
    await member.reads.rejoin();
    await vi.waitFor(() => expect(member.assignments).toHaveLength(2), { timeout: 60_000 });
    expect(member.assignments[1]).toEqual({ partitions: [0, 1, 2, 3], isContinued: false });
  });

  test('stop at a partition that does not have what they were to read next', async () => {
    const { reads } = await join();
    const topic = stage.topics.commands;
    const beyond = reads.follow({ topic, partition: 0, from: 7, onMessages: () => undefined });
    await expect(beyond).rejects.toThrow('goes from offset 0 to 0, and 7 is to be read next');
  });

  test('read on from where they were when partitions were given out anew', async () => {
    const { reads, assignments } = await join();
    const topic = stage.topics.commands;
    const producer = stage.kafka.producer();
    await producer.connect();
    const send = (value: string) => producer.send({ topic, messages: [{ partition: 0, value }] });
    const seen: string[] = [];
    await send('a');
    await reads.follow({
      topic,
      partition: 0,
      from: 0,
      onMessages: (messages) => void seen.push(...messages.map(({ value }) => String(value))),
    });
    await vi.waitFor(() => expect(seen).toEqual(['a']), { timeout: 60_000 });
    await join();
    await vi.waitFor(() => expect(assignments.length).toBeGreaterThan(1), { timeout: 60_000 });
    expect(reads.has({ topic, partition: 0 })).toBe(true);
    await send('b');
    await vi.waitFor(() => expect(seen).toEqual(['a', 'b']), { timeout: 60_000 });
    reads.pause({ topic, partition: 0 });
    await send('c');
    reads.resume({ topic, partition: 0 });
    await vi.waitFor(() => expect(seen).toEqual(['a', 'b', 'c']), { timeout: 60_000 });
    await producer.disconnect();
  });
});
