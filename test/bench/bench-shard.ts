/** An embedded shard in this process, on files in a temporary folder, for benchmarks. */
import { openAnchorFile } from '#src/adapters/files/anchor-file.ts';
import { shardSettings } from '#src/app-settings.ts';
import { bodyReaders } from '#src/body-readers.ts';
import { loadConfig } from '#src/config.ts';
import { makeDataFolder, readSecret } from '#src/data-folder.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import { encodePersonalParts, encodeRow } from '#src/domain/encoding/row-codec.ts';
import { sealRow } from '#src/journal/hash-chain.ts';
import { openModel } from '#src/open-model.ts';
import { shardOpener, type ShardResources } from '#src/shard/open-shard.ts';
import { policyOf, shardParts, type ShardSettings } from '#src/shard-parts.ts';
import type { PaymentBodies } from './payment-bodies.ts';

export const BENCH_STAGES = ['decide', 'encode', 'hash', 'log', 'upkeep'] as const;
export type BenchStage = (typeof BENCH_STAGES)[number];

export class Stopwatch {
  readonly micros: Record<BenchStage, number> = { decide: 0, encode: 0, hash: 0, log: 0, upkeep: 0 };

  async time<T>(stage: BenchStage, work: () => T | Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    this.micros[stage] += (performance.now() - started) * 1_000;
    return result;
  }
}

export interface BenchShard {
  readonly settings: ShardSettings;
  readonly resources: ShardResources;
  /** Writes a checkpoint and closes everything. */
  readonly close: () => Promise<void>;
  /** Closes everything as it is. */
  readonly abandon: () => Promise<void>;
}

/** Opens the folder's shard, reading back what its log holds. */
export async function openBenchShard(folderPath: string): Promise<BenchShard> {
  const config = loadConfig({ variables: {} });
  const settings = await shardSettings({ ...config, accounts: { open: 'onFirstUse' } }, folderPath);
  const folder = makeDataFolder(folderPath);
  const policy = policyOf(settings);
  const failed = (error: unknown) => {
    throw error;
  };
  const model = await openModel(settings.model, policy.baseRate, {
    onFailure: failed,
    onTraffic: () => undefined,
  });
  const anchors = await openAnchorFile({ path: folder.anchors, onFailed: failed });
  const parts = shardParts(settings, {
    anchors,
    policy,
    model,
    onRecovered: () => undefined,
    onDiscarded: failed,
  });
  const resources = await shardOpener(parts)();
  return {
    settings,
    resources,
    async close() {
      await resources.close();
      await anchors.close();
    },
    async abandon() {
      await resources.abandon();
      await anchors.close();
    },
  };
}

/** Reads bodies as the server does; the reading is not measured. */
export function benchReader(folderPath: string, settings: ShardSettings, bodies: PaymentBodies) {
  const folder = makeDataFolder(folderPath);
  const readers = bodyReaders({
    entityKey: readSecret(folder),
    assets: settings.assets,
    now: () => bodies.now,
    aheadSecondsMax: 300,
  });
  return (): CommandEnvelope => {
    const result = readers.payment.read(bodies.next());
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return { command: result.content.command, actor: 'token:bench', receivedAt: bodies.now };
  };
}

/** Decides and commits as many of the commands as fit in one batch; gives how many, and the row's bytes. */
export async function runBenchBatch(
  envelopes: readonly CommandEnvelope[],
  resources: ShardResources,
  watch: Stopwatch,
): Promise<{ readonly taken: number; readonly bytes: number }> {
  const { flow, log, features } = resources;
  const position = resources.head.position + 1;
  features.beginRow(position);
  const result = await watch.time('decide', () => flow.run({ envelopes, position, stored: new Map() }));
  const encoded = await watch.time('encode', () => ({
    body: encodeRow(result.records),
    personal: encodePersonalParts(result.personal),
  }));
  const row = await watch.time('hash', () =>
    sealRow({ identity: log.identity, head: resources.head, ...encoded }),
  );
  await watch.time('log', () => log.append(row));
  resources.head = row;
  const taken = result.answers.length;
  await watch.time('upkeep', () => resources.afterBatch(taken));
  return { taken, bytes: encoded.body.length + (encoded.personal?.length ?? 0) };
}
