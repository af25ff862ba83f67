/** From the configuration's section on a cluster to the ledger at its broker. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { kafkaClient, type BrokerClient, type BrokerSettings } from '#src/adapters/kafka/kafka-client.ts';
import { openLedgerRecord, type LedgerRecord } from '#src/adapters/kafka/ledger-record.ts';
import { prepareTopics, REPLY_PARTITIONS } from '#src/adapters/kafka/prepare-topics.ts';
import { topicNames, type TopicNames } from '#src/adapters/kafka/topic-names.ts';
import type { ClusterConfig } from '#src/config/config-schema.ts';
import type { Logger } from '#src/observability/logger.ts';
import { drawLedgerId } from '#src/shard-parts.ts';

export interface OpenedLedger {
  readonly kafka: BrokerClient;
  readonly prefix: string;
  readonly topics: TopicNames;
  readonly ledgerId: string;
  readonly shards: number;
  readonly replyPartitions: number;
  /** The key of the hashes by which histories know entities. */
  readonly entityKey: Uint8Array;
}

/**
 * Makes what is missing of topics and name, and holds the rest against the configuration.
 * @throws TopicsUnfitError or OtherLedgerError that says what does not fit.
 */
export async function openLedger(cluster: ClusterConfig, log: Logger): Promise<OpenedLedger> {
  const { prefix, entityKey } = cluster;
  const { kafka, topics } = await openTopics(cluster, log);
  const { ledgerId, shards } = await openLedgerRecord({ kafka, topics, prefix }, ledgerToMake(cluster));
  return {
    kafka,
    prefix,
    topics,
    ledgerId,
    shards,
    replyPartitions: REPLY_PARTITIONS,
    entityKey: Buffer.from(entityKey, 'hex'),
  };
}

/** The topics of a ledger, made where they are missing. @throws TopicsUnfitError */
export async function openTopics(
  cluster: ClusterConfig,
  log: Logger,
): Promise<Pick<OpenedLedger, 'kafka' | 'topics'>> {
  const { prefix, partitions, replication } = cluster;
  const kafka = kafkaClient(brokerSettings(cluster), log);
  const topics = topicNames(prefix);
  await prepareTopics(kafka, topics, { partitions, replication });
  return { kafka, topics };
}

/** What a ledger is that nobody has made yet. */
export function ledgerToMake({ partitions }: ClusterConfig): LedgerRecord {
  return { ledgerId: drawLedgerId(), shards: partitions };
}

function brokerSettings({ brokers, prefix, tls, sasl }: ClusterConfig): BrokerSettings {
  return {
    brokers,
    clientId: `${prefix}@${hostname()}`,
    ...(tls.on ? { tls: certificates(tls) } : {}),
    ...(sasl ? { sasl } : {}),
  };
}

/** @throws when a file that the configuration names cannot be read. */
function certificates({ caFile, certFile, keyFile }: ClusterConfig['tls']) {
  return {
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }),
    ...(certFile === undefined ? {} : { cert: readFileSync(certFile, 'utf8') }),
    ...(keyFile === undefined ? {} : { key: readFileSync(keyFile, 'utf8') }),
  };
}
