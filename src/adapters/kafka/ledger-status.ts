/** What a broker says of a ledger's shards: who owns each, and how much of its input waits. */
import { AssignerProtocol, type Admin, type Kafka } from 'kafkajs';
import type { TopicNames } from './topic-names.ts';

export interface ShardStatus {
  readonly shard: number;
  /** How its owner is known to the broker; undefined when nobody owns it. */
  readonly owner: string | undefined;
  /** Commands and messages that its owner has not taken yet; control records are counted with them. */
  readonly waiting: number;
}

export interface LedgerStatusSettings {
  readonly kafka: Kafka;
  readonly topics: Pick<TopicNames, 'commands' | 'messages'>;
  /** The group whose members own the shards. */
  readonly groupId: string;
  readonly shards: number;
}

export async function readLedgerStatus(settings: LedgerStatusSettings): Promise<readonly ShardStatus[]> {
  const { kafka, topics, groupId, shards } = settings;
  const admin = kafka.admin();
  await admin.connect();
  try {
    const owners = await ownersOf(admin, groupId, topics.commands);
    const waiting = await Promise.all(
      [topics.commands, topics.messages].map((topic) => waitingIn(admin, { topic, groupId })),
    );
    return Array.from({ length: shards }, (_, shard) => ({
      shard,
      owner: owners.get(shard),
      waiting: waiting.reduce((sum, each) => sum + (each.get(shard) ?? 0), 0),
    }));
  } finally {
    await admin.disconnect();
  }
}

async function ownersOf(admin: Admin, groupId: string, topic: string): Promise<ReadonlyMap<number, string>> {
  const { groups } = await admin.describeGroups([groupId]);
  const owners = new Map<number, string>();
  for (const { clientId, clientHost, memberAssignment } of groups.flatMap(({ members }) => members)) {
    const decoded =
      memberAssignment.length > 0 ? AssignerProtocol.MemberAssignment.decode(memberAssignment) : null;
    for (const shard of decoded?.assignment[topic] ?? []) owners.set(shard, `${clientId} ${clientHost}`);
  }
  return owners;
}

async function waitingIn(
  admin: Admin,
  { topic, groupId }: { topic: string; groupId: string },
): Promise<ReadonlyMap<number, number>> {
  const ends = await admin.fetchTopicOffsets(topic);
  const [taken] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return new Map(
    ends.map(({ partition, high, low }) => {
      const offset = Number(taken?.partitions.find((each) => each.partition === partition)?.offset ?? -1);
      return [partition, Number(high) - Math.max(offset, Number(low))];
    }),
  );
}
