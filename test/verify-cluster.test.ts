import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteLogMirror } from '#src/adapters/sqlite/sqlite-log-mirror.ts';
import { readFolder } from '#src/cluster/shard-folders.ts';
import { sealRow } from '#src/journal/hash-chain.ts';
import { EMPTY_HEAD, type LogRow } from '#src/ports/event-log.ts';
import { runVerifyCluster, ShardsMissingError } from '#src/verify-cluster.ts';
import { makeFolderInMemory, type TemporaryFolder } from '#test/support/temporary-folder.ts';
import { AWAY, HOME, TwoShards } from '#test/support/two-shards.ts';

const INPUTS = { rows: '0', personal: '0' };

interface Copied {
  readonly shard: number;
  /** Rows at the end that the copy does not have yet. */
  readonly lacks?: number;
}

/** The shard's rows in the copy that reads are made from. */
async function store(folder: string, { cluster }: TwoShards, copied: Copied): Promise<void> {
  const { shard, lacks = 0 } = copied;
  const bodies = cluster.rowsOf(shard).map(({ body }) => body);
  const identity = { ledgerId: 'test', shard };
  const rows: LogRow[] = [];
  for (const body of bodies.slice(0, bodies.length - lacks))
    rows.push(sealRow({ identity, head: rows.at(-1) ?? EMPTY_HEAD, body, personal: null }));
  const mirror = openSqliteLogMirror(readFolder(folder, shard).log, identity);
  mirror.take({ rows, personal: [], inputs: INPUTS });
  await mirror.close();
}

async function settledShards(): Promise<TwoShards> {
  const shards = await TwoShards.funded(1_000);
  await shards.pay({ id: shards.id('p'), amount: 300 });
  await shards.cluster.settle();
  return shards;
}

describe('verifying all shards together', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await makeFolderInMemory();
  });
  afterEach(() => folder.remove());

  test('whole logs hold, and are counted', async () => {
    const shards = await settledShards();
    for (const shard of [HOME, AWAY]) await store(folder.path, shards, { shard });
    const report = await runVerifyCluster({ dataFolder: folder.path });
    expect(report).toMatchObject({ ok: true, payments: 1, messages: 2, outstanding: 0, problems: [] });
    expect(report.heads).toHaveLength(2);
  });

  test('a log without the answer to a message holds, with money on its way', async () => {
    const shards = await settledShards();
    await store(folder.path, shards, { shard: HOME, lacks: 1 });
    await store(folder.path, shards, { shard: AWAY });
    expect(await runVerifyCluster({ dataFolder: folder.path })).toMatchObject({ ok: true, outstanding: 1 });
  });

  test('a log without a message that another shard has taken does not hold', async () => {
    const shards = await settledShards();
    await store(folder.path, shards, { shard: HOME, lacks: 2 });
    await store(folder.path, shards, { shard: AWAY });
    const { ok, problems } = await runVerifyCluster({ dataFolder: folder.path });
    expect(ok).toBe(false);
    expect(problems).toContainEqual({ detail: '1 messages from shard 0 to 1 were taken, and 0 were sent' });
  });

  test('a folder without one of the shards, or with none, is not verified', async () => {
    await expect(runVerifyCluster({ dataFolder: folder.path })).rejects.toThrow(ShardsMissingError);
    const shards = await settledShards();
    await store(folder.path, shards, { shard: AWAY });
    mkdirSync(readFolder(folder.path, HOME).projections);
    await expect(runVerifyCluster({ dataFolder: folder.path })).rejects.toThrow('no copy of shard 0');
  });
});
