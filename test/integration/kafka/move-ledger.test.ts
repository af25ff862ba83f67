import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { kafkaClient } from '#src/adapters/kafka/kafka-client.ts';
import {
  findLedgerRecord,
  openLedgerRecord,
  OtherLedgerError,
  readLedgerRecord,
  writeLedgerOrigin,
} from '#src/adapters/kafka/ledger-record.ts';
import { MovedLog } from '#src/adapters/kafka/moved-log.ts';
import { topicNames } from '#src/adapters/kafka/topic-names.ts';
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { moveLedger, MoveRefusedError, type MoveReport } from '#src/cluster/move-ledger.ts';
import { openLedger } from '#src/cluster/open-ledger.ts';
import { retellLog } from '#src/cluster/retelling/retell-log.ts';
import { carriedBalances } from '#src/cluster/retelling/carried-balances.ts';
import { workerGroup } from '#src/cluster/worker-group.ts';
import { loadConfig } from '#src/config.ts';
import type { ClusterConfig } from '#src/config/config-schema.ts';
import { dataFolder } from '#src/data-folder.ts';
import { LedgerAuditor } from '#src/journal/audit/ledger-auditor.ts';
import { assertNotMoved, FolderMovedError } from '#src/moved-folder.ts';
import { encodeRow } from '#src/domain/encoding/row-codec.ts';
import { sealRow } from '#src/journal/hash-chain.ts';
import { EMPTY_HEAD, type LogHead, type LogRow } from '#src/ports/event-log.ts';
import { dataFolderOnDisk, type DataFolderOnDisk } from '#test/support/data-folder-on-disk.ts';
import { at, minute } from '#test/support/flow-log.ts';
import { payOf } from '#test/support/flow-setup.ts';
import { sharedKafka } from '#test/support/kafka/shared-kafka.ts';
import { SILENT } from '#test/support/kafka/test-topics.ts';
import { hasTool } from '#test/support/optional-tool.ts';

const SHARDS = 2;

describe.skipIf(!hasTool('kafka'))('moving a ledger to shards at a broker (needs kafka)', () => {
  let folder: DataFolderOnDisk;
  let cluster: ClusterConfig;
  beforeEach(async () => {
    folder = await dataFolderOnDisk();
    await folder.close();
    cluster = clusterAt(sharedKafka());
  });
  afterEach(() => folder.remove());

  test('writes what was rehearsed, marks the folder, and does nothing when it is asked again', async () => {
    const rehearsed = await move({ isRehearsal: true });
    expect(rehearsed.counts.payments).toBe(10);
    expect(() => assertNotMoved(folder.path)).not.toThrow();
    const report = await move();
    expect(report).toMatchObject({ accounts: rehearsed.accounts, counts: rehearsed.counts });
    expect(await headsAtBroker(report.ledgerId)).toEqual(report.heads);
    expect(await openLedger(cluster, SILENT)).toMatchObject({ ledgerId: report.ledgerId, shards: SHARDS });
    expect(() => assertNotMoved(folder.path)).toThrow(FolderMovedError);
    expect(await move()).toEqual(report);
    expect(await headsAtBroker(report.ledgerId)).toEqual(report.heads);
    expect(existsSync(`${folder.path}/moving`)).toBe(false);
  });

  test('goes on where it was interrupted, and lets nobody use the ledger before', async () => {
    const interrupted = await moveInPart();
    await expect(openLedger(cluster, SILENT)).rejects.toThrow('run "vouch cluster import" again');
    const report = await move();
    expect(report.ledgerId).toBe(interrupted.ledgerId);
    expect(await headsAtBroker(report.ledgerId)).toEqual(report.heads);
    expect((await readLedgerRecord(recordSettings()))?.origin?.isComplete).toBe(true);
  });

  test('is refused where another ledger is, or was moved to, and where the folder does not hold', async () => {
    await move();
    const other = await dataFolderOnDisk();
    await other.ledger.run(at(minute(20), payOf({ id: 'pay_more' })));
    await other.close();
    await expect(move({ path: other.path })).rejects.toBeInstanceOf(OtherLedgerError);
    cluster = { ...cluster, prefix: `${cluster.prefix}-other` };
    const { ledgerId } = await openLedger(cluster, SILENT);
    await writeRow(ledgerId);
    await expect(move({ path: other.path })).rejects.toThrow('must be empty');
    expect(() => assertNotMoved(other.path)).not.toThrow();
    await other.remove();
    await expect(move({ path: `${folder.path}/nothing` })).rejects.toBeInstanceOf(MoveRefusedError);
  });

  function move(more: { isRehearsal?: boolean; path?: string } = {}): Promise<MoveReport> {
    const { isRehearsal = false, path = folder.path } = more;
    return moveLedger({ dataFolder: path, cluster, log: SILENT, isRehearsal, onProgress: () => undefined });
  }

  function recordSettings() {
    const { prefix, brokers } = cluster;
    return { kafka: kafkaClient({ brokers, clientId: prefix }, SILENT), topics: topicNames(prefix), prefix };
  }

  async function headsAtBroker(ledgerId: string): Promise<readonly string[]> {
    expect((await openLedgerRecord(recordSettings(), { ledgerId: 'none', shards: SHARDS })).ledgerId).toBe(
      ledgerId,
    );
    const heads: string[] = [];
    for (let shard = 0; shard < SHARDS; shard++) {
      const log = await MovedLog.open({ ...recordSettings(), shard, groupId: workerGroup(cluster.prefix) });
      heads.push(Buffer.from(log.found.hash).toString('hex'));
      await log.close();
    }
    return heads;
  }

  async function writeRow(ledgerId: string): Promise<void> {
    const { kafka, topics, prefix } = recordSettings();
    const log = await MovedLog.open({ kafka, topics, prefix, shard: 0, groupId: workerGroup(prefix) });
    const body = encodeRow([], { commands: 0, messages: 0 });
    await log.append([sealRow({ identity: { ledgerId, shard: 0 }, head: EMPTY_HEAD, body, personal: null })]);
    await log.close();
  }

  /** As a move that is killed behind the first row of the first shard. */
  async function moveInPart(): Promise<{ ledgerId: string }> {
    const { log: path } = dataFolder(folder.path);
    const log = await openSqliteEventLogReader(path);
    const auditor = new LedgerAuditor();
    const head: LogHead = await log.head();
    for (const row of await log.read({ from: 1 })) auditor.inspect(row);
    const { ledgerId: oldId } = log.identity;
    const rows: LogRow[] = [];
    await openLedger(cluster, SILENT);
    const record = await findLedgerRecord(recordSettings(), { ledgerId: 'none', shards: SHARDS });
    const { position, hash } = head;
    const origin = { ledgerId: oldId, position, hash: Buffer.from(hash).toString('hex'), isComplete: false };
    await writeLedgerOrigin(recordSettings(), record, origin);
    await retellLog({
      log,
      predecessor: { ledgerId: oldId, head, balances: carriedBalances(auditor.accounts(), SHARDS) },
      ledgerId: record.ledgerId,
      shards: SHARDS,
      folder: folder.path,
      onRows: (shard, told) => void (shard === 0 && rows.push(...told)),
      onProgress: () => undefined,
    });
    await log.close();
    const moved = await MovedLog.open({
      ...recordSettings(),
      shard: 0,
      groupId: workerGroup(cluster.prefix),
    });
    await moved.append(rows.slice(0, 1));
    await moved.close();
    return record;
  }
});

function clusterAt({ brokers, prefix }: { brokers: readonly string[]; prefix: string }): ClusterConfig {
  const variables = {
    VOUCH_CLUSTER_BROKERS: brokers.join(','),
    VOUCH_CLUSTER_PREFIX: prefix,
    VOUCH_CLUSTER_PARTITIONS: String(SHARDS),
    VOUCH_CLUSTER_ENTITY_KEY: '00112233445566778899aabbccddeeff',
  };
  const { cluster } = loadConfig({ variables });
  if (!cluster) throw new Error('the configuration has no cluster');
  return cluster;
}
