/** Keeps a number of commands on their way through the bare pipeline, and measures their round trips. */
import { openReplyReader } from '#src/adapters/kafka/reply-reader.ts';
import { kafkaClient } from '#src/adapters/kafka/kafka-client.ts';
import { KafkaCommandTransport } from '#src/adapters/kafka/kafka-command-transport.ts';
import { topicNames } from '#src/adapters/kafka/topic-names.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import { createLogger } from '#src/observability/logger.ts';

export interface BareResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface BareLoad {
  readonly broker: string;
  readonly prefix: string;
  readonly partitions: number;
  readonly inFlight: number;
  readonly seconds: number;
}

/** About as long as a payment's command. */
const NOTE_BYTES = 500;
const REPLY_TO = { instance: 'bare', partition: 0 };

export async function runBareLoad(load: BareLoad): Promise<BareResult> {
  const log = createLogger('silent');
  const kafka = kafkaClient({ brokers: [load.broker], clientId: 'bare-client' }, log);
  const topics = topicNames(load.prefix);
  const sentAt = new Map<number, number>();
  const tookMs: number[] = [];
  const transport = await KafkaCommandTransport.open({ kafka, topic: topics.commands, replyTo: REPLY_TO });
  let number = 0;
  const until = performance.now() + load.seconds * 1_000;
  const send = (): void => {
    if (performance.now() >= until) return;
    number += 1;
    sentAt.set(number, performance.now());
    void transport.send([{ shard: number % load.partitions, number, envelope: commandOf(number) }]);
  };
  const reader = await openReplyReader({
    kafka,
    topic: topics.replies,
    groupId: `${load.prefix}.bare-client-${Date.now()}`,
    ...REPLY_TO,
    log,
    onReply: (reply) => {
      tookMs.push(performance.now() - (sentAt.get(reply.number) ?? 0));
      sentAt.delete(reply.number);
      send();
    },
  });
  for (let each = 0; each < load.inFlight; each++) send();
  await new Promise((resolve) => setTimeout(resolve, load.seconds * 1_000));
  await reader.close();
  await transport.close();
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? NaN;
  return { perSecond: tookMs.length / load.seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

function commandOf(number: number): CommandEnvelope {
  const command = { type: 'VoidPayment', paymentId: `p${number}`, reason: 'x'.repeat(NOTE_BYTES) } as const;
  return { command, actor: 'system', receivedAt: Date.now() };
}
