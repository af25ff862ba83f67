/**
 * Makes the topics of a ledger, or holds those that are there against what they have to be. Nothing is
 * changed in a topic that exists: shorter retention or another number of partitions is what somebody
 * meant or an accident, and both have to be looked at.
 */
import kafkajs, { type Admin, type ITopicConfig, type Kafka } from 'kafkajs';
import { askAgain } from './ask-again.ts';
import type { TopicNames } from './topic-names.ts';

/** Node.js finds most names of this package by itself, and this one only in its default export. */
const { ConfigResourceTypes } = kafkajs;

/** Replies are spread over so many partitions, whatever the number of shards. */
export const REPLY_PARTITIONS = 8;

/**
 * A row is one record. It comes from a batch of at most 1 MiB of commands (`shard/shard.ts`), and its
 * vectors and decisions take at most about the same again.
 */
const ROW_BYTES_MAX = 16 * 1024 * 1024;
const DAY_MS = 86_400_000;
/** Longer than any outage that nobody attends to; what expires unread stops its shard. */
const INPUT_RETENTION_MS = 14 * DAY_MS;
/** Nobody waits longer for a reply. */
const REPLY_RETENTION_MS = 10 * 60_000;
const FOR_EVER = '-1';

export interface TopicPlan {
  /** Shards of the ledger. */
  readonly partitions: number;
  /** Copies of each partition. */
  readonly replication: number;
}

export interface TopicProblem {
  readonly topic: string;
  readonly problem: string;
}

/** The topics are not what the configuration needs; nothing was started. */
export class TopicsUnfitError extends Error {
  override readonly name = 'TopicsUnfitError';
  readonly retryable = false;
  readonly problems: readonly TopicProblem[];

  constructor(problems: readonly TopicProblem[]) {
    const lines = problems.map(({ topic, problem }) => `  ${topic}: ${problem}`);
    super(`the topics of this ledger cannot be used:\n${lines.join('\n')}`);
    this.problems = problems;
  }
}

type TopicSettings = Readonly<Record<string, string>>;

interface PlannedTopic {
  readonly topic: string;
  readonly partitions: number;
  /** Made with these, and checked for those that `CHECKED` names. */
  readonly settings: TopicSettings;
}

/** Settings on which it depends that nothing is lost; an operator may choose the others. */
const CHECKED: readonly string[] = ['cleanup.policy', 'message.timestamp.type'];

/** Makes what is missing. @throws TopicsUnfitError when what is there does not fit. */
export async function prepareTopics(kafka: Kafka, names: TopicNames, plan: TopicPlan): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const planned = plannedTopics(names, plan);
    const existing = new Set(await admin.listTopics());
    const missing = planned.filter(({ topic }) => !existing.has(topic));
    const topics = missing.map((topic) => creationOf(topic, plan));
    await admin.createTopics({ waitForLeaders: false, topics });
    // A topic is of use as soon as each of its partitions says where it ends.
    for (const { topic } of missing) await askAgain(() => admin.fetchTopicOffsets(topic));
    const problems = await findProblems(admin, planned, plan);
    if (problems.length > 0) throw new TopicsUnfitError(problems);
  } finally {
    await admin.disconnect();
  }
}

function plannedTopics(names: TopicNames, { partitions }: TopicPlan): readonly PlannedTopic[] {
  const largeRows = { 'max.message.bytes': String(ROW_BYTES_MAX) };
  const kept = { 'cleanup.policy': 'delete', 'retention.ms': FOR_EVER, 'retention.bytes': FOR_EVER };
  const input = { 'cleanup.policy': 'delete', 'retention.ms': String(INPUT_RETENTION_MS) };
  return [
    { topic: names.ledger, partitions: 1, settings: kept },
    { topic: names.events, partitions, settings: { ...kept, ...largeRows } },
    {
      topic: names.personal,
      partitions,
      settings: {
        'cleanup.policy': 'compact',
        // What was erased is gone from the broker's disks two days later.
        'segment.ms': String(DAY_MS),
        'max.compaction.lag.ms': String(DAY_MS),
        ...largeRows,
      },
    },
    // The broker's time is what a command's own time is held against.
    { topic: names.commands, partitions, settings: { ...input, 'message.timestamp.type': 'LogAppendTime' } },
    { topic: names.messages, partitions, settings: input },
    // What one row tells of its payments is one record of the broker's.
    { topic: names.decisions, partitions, settings: { ...input, ...largeRows } },
    {
      topic: names.replies,
      partitions: REPLY_PARTITIONS,
      settings: { 'cleanup.policy': 'delete', 'retention.ms': String(REPLY_RETENTION_MS) },
    },
  ];
}

function creationOf({ topic, partitions, settings }: PlannedTopic, { replication }: TopicPlan): ITopicConfig {
  const written = Object.entries({ ...settings, 'min.insync.replicas': replication > 2 ? '2' : '1' });
  return {
    topic,
    numPartitions: partitions,
    replicationFactor: replication,
    configEntries: written.map(([name, value]) => ({ name, value })),
  };
}

async function findProblems(
  admin: Admin,
  planned: readonly PlannedTopic[],
  { replication }: TopicPlan,
): Promise<readonly TopicProblem[]> {
  const { topics } = await admin.fetchTopicMetadata({ topics: planned.map(({ topic }) => topic) });
  const settings = await readSettings(admin, planned);
  return planned.flatMap((plan) => {
    const { topic, partitions } = plan;
    const found = topics.find(({ name }) => name === topic)?.partitions ?? [];
    const copies = Math.min(...found.map(({ replicas }) => replicas.length));
    const problems: string[] = [];
    if (found.length !== partitions) problems.push(otherCount(found.length, partitions));
    if (copies < replication)
      problems.push(`has ${copies} copies of a partition, the configuration says ${replication}`);
    problems.push(...settingProblems(plan, settings.get(topic) ?? {}));
    return problems.map((problem) => ({ topic, problem }));
  });
}

function otherCount(found: number, wanted: number): string {
  return (
    `has ${found} partitions, the configuration says ${wanted}. The number of shards is fixed when a ledger ` +
    'is made, because accounts and ids would be looked for in other shards than those that have them'
  );
}

function settingProblems({ settings }: PlannedTopic, found: TopicSettings): readonly string[] {
  const wanted = Object.entries(settings).filter(
    ([name, value]) => CHECKED.includes(name) || value === FOR_EVER,
  );
  const differing = wanted.filter(([name, value]) => (found[name] ?? value) !== value);
  const problems = differing.map(([name, value]) => `has ${name} = ${found[name]}, which must be ${value}`);
  const rowBytes = Number(settings['max.message.bytes'] ?? 0);
  const bytes = Number(found['max.message.bytes'] ?? rowBytes);
  return bytes < rowBytes
    ? [...problems, `has max.message.bytes = ${bytes}, which must be at least ${rowBytes}`]
    : problems;
}

/** What the broker says of each topic; a setting that it does not know is not among them. */
async function readSettings(
  admin: Admin,
  planned: readonly PlannedTopic[],
): Promise<ReadonlyMap<string, TopicSettings>> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: planned.map(({ topic }) => ({ type: ConfigResourceTypes.TOPIC, name: topic })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]),
  );
}
