/**
 * The role `api`: answers requests, sends commands to the shards' inputs and reads from mirrors of their
 * logs. Any number of these may run; none of them decides anything.
 */
import { randomBytes } from 'node:crypto';
import type { BrokerClient } from '#src/adapters/kafka/kafka-client.ts';
import { KafkaCommandTransport } from '#src/adapters/kafka/kafka-command-transport.ts';
import { openReplyReader } from '#src/adapters/kafka/reply-reader.ts';
import { openSourceTopic, SourceTopicError } from '#src/adapters/kafka/source-topic.ts';
import type { TopicNames } from '#src/adapters/kafka/topic-names.ts';
import { startInOrder, type App, type Stop } from '#src/app.ts';
import { drawFirstToken } from '#src/first-token.ts';
import { bodyReaders } from '#src/body-readers.ts';
import { startHttpService, type HttpServiceSettings } from '#src/http-service.ts';
import { TokenTable } from '#src/ingest/access/token-table.ts';
import type { CommandGateway } from '#src/ports/command-gateway.ts';
import { ClusterGateway } from './cluster-gateway.ts';
import { startClusterReads, type ClusterReads } from './cluster-reads.ts';
import { PaymentSource, type PaymentSourceSettings } from './payment-source.ts';
import { followTokens } from './token-follower.ts';
import type { Worker } from './worker.ts';

export interface ApiSource {
  readonly topic: string;
  /** Copies of the topic of what cannot be used. */
  readonly replication: number;
}

export interface ApiSettings extends HttpServiceSettings {
  readonly dataFolder: string;
  readonly kafka: BrokerClient;
  readonly prefix: string;
  readonly topics: TopicNames;
  readonly ledgerId: string;
  readonly shards: number;
  /** Partitions of the topic of replies. */
  readonly replyPartitions: number;
  readonly entityKey: Uint8Array;
  readonly assets: Readonly<Record<string, number>>;
  /** A topic that payments come by, besides requests. */
  readonly source: ApiSource | undefined;
  /** Where shards run beside it. */
  readonly worker: Pick<Worker, 'reports'> | undefined;
}

const INSTANCE_BYTES = 8;

export function startApi(settings: ApiSettings): Promise<App> {
  return startInOrder((stops, stop) => start(settings, stops, stop));
}

async function start(settings: ApiSettings, stops: Stop[], stop: () => Promise<void>): Promise<App> {
  const instance = randomBytes(INSTANCE_BYTES).toString('hex');
  const groupId = `${settings.prefix}.reads.${instance}`;
  const reads = await startClusterReads({ ...settings, groupId });
  stops.push(() => reads.stop());
  const gateway = await startGateway(settings, { instance, reads, stops });
  const tokens = new TokenTable();
  const forgetTokens = await followTokens(reads.queries, tokens);
  stops.push(forgetTokens);
  const firstToken =
    settings.auth === 'tokens' ? await makeFirstToken(settings, { gateway, reads, tokens }) : undefined;
  const readers = bodyReaders(settings);
  const { url, close } = await startHttpService(settings, {
    readers,
    gateway,
    queries: reads.queries,
    tokens,
    figures: { reports: () => settings.worker?.reports() ?? [], projectionLag: () => reads.lag() },
  });
  stops.push(close);
  if (settings.source)
    stops.push(await startSource(settings, settings.source, { gateway, reader: readers.payment }));
  return { url, gateway, queries: reads.queries, firstToken, stop };
}

interface Around {
  readonly instance: string;
  readonly reads: ClusterReads;
  readonly stops: Stop[];
}

async function startGateway(
  settings: ApiSettings,
  { instance, reads, stops }: Around,
): Promise<ClusterGateway> {
  const { kafka, topics, prefix, replyPartitions, shards, log } = settings;
  const replyTo = { instance, partition: Math.floor(Math.random() * replyPartitions) };
  const transport = await KafkaCommandTransport.open({ kafka, topic: topics.commands, replyTo });
  stops.push(() => transport.close());
  const replies = await openReplyReader({
    kafka,
    topic: topics.replies,
    groupId: `${prefix}.replies.${instance}`,
    ...replyTo,
    log,
    onReply: (reply) => gateway.receive(reply),
  });
  stops.push(() => replies.close());
  const gateway = new ClusterGateway({
    shards,
    transport,
    clock: () => performance.now(),
    obstacles: () => [
      ...(replies.isReading ? [] : ['replies of the shards do not come in']),
      ...(reads.failure === undefined ? [] : [reads.failure]),
    ],
  });
  stops.push(() => gateway.close());
  return gateway;
}

/** Ends before the server does: what is under way is still answered. */
async function startSource(
  { kafka, topics, prefix, now }: ApiSettings,
  { topic, ...its }: ApiSource,
  parts: Pick<PaymentSourceSettings, 'gateway' | 'reader'>,
): Promise<Stop> {
  if (Object.values(topics).includes(topic))
    throw new SourceTopicError(`${topic} is a topic of the ledger itself, and no source of payments`);
  const source = new PaymentSource({ ...parts, topic, now });
  const groupId = `${prefix}.source.${topic}`;
  const close = await openSourceTopic({ ...its, kafka, topic, groupId, take: source.take });
  return () => {
    source.stop();
    return close();
  };
}

interface TokenParts {
  readonly gateway: CommandGateway;
  readonly reads: ClusterReads;
  readonly tokens: TokenTable;
}

/** Two processes that start at once on a new ledger may make one each; both are valid. */
async function makeFirstToken(
  { now }: ApiSettings,
  { gateway, reads, tokens }: TokenParts,
): Promise<string | undefined> {
  const known = await reads.queries.tokens({ seen: [] });
  if (known.length > 0) return undefined;
  const { token, created } = drawFirstToken();
  const envelope = {
    command: { ...created, type: 'CreateToken' },
    actor: 'system',
    receivedAt: now(),
  } as const;
  await new Promise<void>((resolve, reject) => {
    gateway.submit(envelope, (reply) => {
      if (reply.type === 'answered' && reply.answer.type === 'DoneAnswer') resolve();
      else reject(new Error('the first token could not be made: no shard answers'));
    });
  });
  tokens.add(created);
  return token;
}
