import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { shardSettings } from '#src/app-settings.ts';
import { folderObjectStore } from '#src/adapters/files/folder-object-store.ts';
import { KafkaCommandTransport } from '#src/adapters/kafka/kafka-command-transport.ts';
import { openReplyReader, type ReplyReader } from '#src/adapters/kafka/reply-reader.ts';
import { bodyReaders } from '#src/body-readers.ts';
import { TransactionalWriter } from '#src/adapters/kafka/transactional-writer.ts';
import { startWorker, type Worker } from '#src/cluster/worker.ts';
import { loadConfig } from '#src/config.ts';
import type { Pay } from '#src/domain/commands.ts';
import { createLogger } from '#src/observability/logger.ts';
import type { ShardsReply } from '#src/ports/command-transport.ts';
import { envelopeOf, openCommand } from '#test/support/flow-harness.ts';
import { makeTestTopics, SILENT, type TestTopics } from '#test/support/kafka/test-topics.ts';
import { hasTool } from '#test/support/optional-tool.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const REPLY_TO = { instance: 'here', partition: 1 };
const WAIT = { timeout: 60_000, interval: 50 };

const readers = bodyReaders({
  entityKey: new Uint8Array(16),
  assets: {},
  now: Date.now,
  aheadSecondsMax: 300,
});

function payment(id: string): Pay {
  const occurredAt = '2026-01-01T00:00:00Z';
  const read = readers.payment.read({ id, occurredAt, amount: 5, asset: 'EUR', debtor: 'a', creditor: 'b' });
  if (!read.ok) throw new Error('the payment cannot be read');
  return read.content.command;
}

describe.skipIf(!hasTool('kafka'))('a worker (needs kafka)', () => {
  let stage: TestTopics;
  let folder: TemporaryFolder;
  let transport: KafkaCommandTransport;
  let reader: ReplyReader;
  const replies = new Map<number, ShardsReply>();
  const workers: Worker[] = [];
  const lines: string[] = [];
  let sent = 0;

  beforeAll(async () => {
    stage = await makeTestTopics(1);
    folder = await makeTemporaryFolder();
    const { kafka, topics, prefix } = stage;
    transport = await KafkaCommandTransport.open({ kafka, topic: topics.commands, replyTo: REPLY_TO });
    reader = await openReplyReader({
      kafka,
      topic: topics.replies,
      groupId: `${prefix}.replies`,
      ...REPLY_TO,
      log: SILENT,
      onReply: (reply) => void replies.set(reply.number, reply),
    });
  });
  afterAll(async () => {
    for (const worker of workers) await worker.stop();
    await transport.close();
    await reader.close();
    await folder.remove();
  });

  async function start(name: string): Promise<Worker> {
    const config = loadConfig({ variables: {} });
    const worker = await startWorker({
      ...stage,
      ledgerId: 'ledger-of-workers',
      shards: 1,
      entityKey: new Uint8Array(16),
      redis: undefined,
      shard: await shardSettings(config, `${folder.path}/${name}`),
      checkpoints: { store: folderObjectStore(`${folder.path}/objects`), everyMs: 3_600_000 },
      rejoinAfterMs: 100,
      log: createLogger('info', { write: (line) => lines.push(line) }),
    });
    workers.push(worker);
    return worker;
  }

  async function open(account: string): Promise<ShardsReply> {
    const number = ++sent;
    await transport.send([{ shard: 0, number, envelope: envelopeOf(openCommand(account, 'allowed')) }]);
    return vi.waitFor(() => {
      const reply = replies.get(number);
      if (!reply) throw new Error(`${account} is not answered`);
      return reply;
    }, WAIT);
  }

  test('that is shut out by a stranger asks for its shard again, and answers what came meanwhile', async () => {
    const worker = await start('first');
    expect(await open('a')).toMatchObject({ type: 'answered', answer: { created: true } });
    const { kafka, prefix } = stage;
    const transactionalId = `${prefix}.shard-0`;
    const stranger = await TransactionalWriter.open({ kafka, transactionalId, groupId: prefix });
    expect(await open('b')).toMatchObject({ type: 'answered', answer: { created: true } });
    await stranger.close();
    expect(worker.shards).toEqual([0]);
    expect(worker.readiness()).toEqual({ ready: true });
  });

  test('tells other systems of each payment once, however often its command comes', async () => {
    const { kafka, topics, prefix } = stage;
    const told: string[] = [];
    const consumer = kafka.consumer({ groupId: `${prefix}.told` });
    await consumer.connect();
    await consumer.subscribe({ topic: topics.decisions, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message: { key, headers } }) => {
        told.push(`${String(key)} ${String(headers?.['ce_type'])}`);
        return Promise.resolve();
      },
    });
    for (const id of ['one', 'one', 'two', 'two', 'last']) {
      const number = ++sent;
      await transport.send([{ shard: 0, number, envelope: envelopeOf(payment(id), Date.now()) }]);
      await vi.waitFor(() => expect(replies.has(number)).toBe(true), WAIT);
    }
    await vi.waitFor(() => expect(told).toContain('last payment.decided'), WAIT);
    expect(told).toEqual(['one', 'two', 'last'].map((id) => `${id} payment.decided`));
    await consumer.disconnect();
  });

  test('that is started beside another takes over what that one leaves', async () => {
    const second = await start('second');
    expect(second.shards).toEqual([]);
    await workers.shift()?.stop();
    expect(await open('c')).toMatchObject({ type: 'answered', answer: { created: true } });
    expect(await open('a')).toMatchObject({ type: 'answered', answer: { created: false } });
    expect(second.shards).toEqual([0]);
    expect(second.reports().get(0)?.position).toBeGreaterThan(2);
  });

  test('that never had the shard begins with the checkpoint of another', async () => {
    const [second] = workers;
    await second?.writeCheckpoints();
    await open('d');
    await start('third');
    await workers.shift()?.stop();
    lines.length = 0;
    expect(await open('e')).toMatchObject({ type: 'answered', answer: { created: true } });
    expect(await open('a')).toMatchObject({ type: 'answered', answer: { created: false } });
    expect(lines.filter((line) => line.includes('begins with a checkpoint'))).toHaveLength(1);
  });
});
