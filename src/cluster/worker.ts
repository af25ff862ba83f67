/**
 * The role `worker`: decides for the shards that the group of workers gives to this process. Any number of
 * these may run; each of them has its share of the shards, and takes over the shards of one that is gone.
 */
import { openAnchorFile } from '#src/adapters/files/anchor-file.ts';
import type { BrokerClient } from '#src/adapters/kafka/kafka-client.ts';
import { openKafkaEventLog } from '#src/adapters/kafka/kafka-event-log.ts';
import { PartitionReads, SESSION_TIMEOUT_MS, type Assignment } from '#src/adapters/kafka/partition-reads.ts';
import { ReplySender } from '#src/adapters/kafka/reply-sender.ts';
import { shardAssigner } from '#src/adapters/kafka/shard-assigner.ts';
import type { TopicNames } from '#src/adapters/kafka/topic-names.ts';
import { discardSqliteLogMirror, openSqliteLogMirror } from '#src/adapters/sqlite/sqlite-log-mirror.ts';
import { activate } from '#src/activation.ts';
import type { RedisConfig } from '#src/config/config-schema.ts';
import type { Policy } from '#src/decision/policy.ts';
import { SHARED_FACTS_SHARD } from '#src/domain/shard-place.ts';
import { openAnchoredLog } from '#src/journal/open-anchored-log.ts';
import type { Logger } from '#src/observability/logger.ts';
import { openModel, type OpenedModel } from '#src/open-model.ts';
import type { AnchorStore } from '#src/ports/anchors.ts';
import type { Readiness } from '#src/ports/command-gateway.ts';
import type { ShardReport } from '#src/ports/shard-report.ts';
import { localParts, policyOf, type ShardSettings } from '#src/shard-parts.ts';
import type { ShardParts } from '#src/shard/open-shard.ts';
import { CheckpointRounds, type CheckpointSettings } from './checkpoint-rounds.ts';
import { BrokerClock, type ShardClock } from './broker-clock.ts';
import { PartitionOwner } from './partition-owner.ts';
import { sharedHistories } from './shared-histories.ts';
import { StreamClock } from './stream-clock.ts';
import { workerGroup } from './worker-group.ts';
import { ownerFolder, type OwnerFolder } from './shard-folders.ts';

export interface WorkerSettings {
  readonly kafka: BrokerClient;
  readonly topics: TopicNames;
  /** What the names of groups and transactional ids begin with. */
  readonly prefix: string;
  readonly ledgerId: string;
  readonly shards: number;
  readonly entityKey: Uint8Array;
  /** Where shards share histories; a ledger of one shard has them on its own disk without it. */
  readonly redis: RedisConfig | undefined;
  /** As for a ledger in one process; every shard gets its share of the caches. */
  readonly shard: ShardSettings;
  /** Where what is on disk of each shard is put for other machines; nowhere if absent. */
  readonly checkpoints?: CheckpointSettings | undefined;
  /** A shard that ended by itself and is still this worker's is asked for again after so long: others had time to. */
  readonly rejoinAfterMs?: number;
  readonly log: Logger;
}

interface OwnedFolder {
  readonly folder: OwnerFolder;
  readonly anchors: AnchorStore;
  readonly clock: ShardClock;
}

interface OwnedShard {
  readonly owner: PartitionOwner;
  readonly anchors: AnchorStore;
}

/** Resolves when the group has given this worker its shards, which it may not have taken over yet. */
export async function startWorker(settings: WorkerSettings): Promise<Worker> {
  const policy = policyOf(settings.shard);
  const { log } = settings;
  const model = await openModel(settings.shard.model, policy.baseRate, {
    onFailure: (error) => log.error('the model does not answer', errorOf(error)),
    onTraffic: (gaps) => log.warn('the traffic is not as in training', { count: gaps.length }),
  });
  const replies = await ReplySender.open({
    kafka: settings.kafka,
    topic: settings.topics.replies,
    onFailure: (error, count) => log.warn('replies were lost', { ...errorOf(error), count }),
  });
  const worker = new Worker(settings, { policy, model, replies });
  try {
    await worker.join();
  } catch (error) {
    await worker.stop();
    throw error;
  }
  return worker;
}

interface WorkerParts {
  readonly policy: Policy;
  readonly model: OpenedModel;
  readonly replies: ReplySender;
}

export class Worker {
  readonly #settings: WorkerSettings;
  readonly #parts: WorkerParts;
  readonly #groupId: string;
  readonly #owned = new Map<number, OwnedShard>();
  /** What each shard is doing one after the other: a folder is opened again only when it was closed. */
  readonly #changes = new Map<number, Promise<void>>();
  /** Shards that ended by themselves and are still this worker's. */
  readonly #ended = new Set<number>();
  #assigned: readonly number[] = [];
  #reads: PartitionReads | undefined;
  readonly #checkpoints: CheckpointRounds | undefined;
  #rejoining: NodeJS.Timeout | undefined;
  #isStopping = false;

  constructor(settings: WorkerSettings, parts: WorkerParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.#groupId = workerGroup(settings.prefix);
    const { checkpoints, ledgerId, shard, log } = settings;
    const { dataFolder } = shard;
    this.#checkpoints =
      checkpoints &&
      new CheckpointRounds({ ...checkpoints, dataFolder, ledgerId, shards: () => this.#owned.keys(), log });
  }

  async join(): Promise<void> {
    const { kafka, topics, shards } = this.#settings;
    this.#reads = await PartitionReads.open({
      kafka,
      groupId: this.#groupId,
      isAlone: false,
      topics: [topics.commands, topics.messages, topics.events, topics.personal],
      assigner: shardAssigner({ shards, owned: () => this.#assigned }),
      onAssignment: (assignment) => this.#assign(assignment),
    });
    for (const shard of this.#assigned) this.#change(shard, () => this.#takeOver(shard));
  }

  /** The shards that are this worker's. */
  get shards(): readonly number[] {
    return this.#assigned;
  }

  readiness(): Readiness {
    const reasons = this.#assigned.flatMap((shard) => {
      const readiness = this.#owned.get(shard)?.owner.readiness;
      if (readiness?.ready) return [];
      return (readiness?.reasons ?? ['starting']).map((reason) => `shard ${shard}: ${reason}`);
    });
    if (!this.#reads?.isReading) reasons.push('not a member of the group that has the shards');
    return reasons.length === 0 ? { ready: true } : { ready: false, reasons };
  }

  reports(): ReadonlyMap<number, ShardReport> {
    const reports = new Map<number, ShardReport>();
    for (const [shard, { owner }] of this.#owned) if (owner.report) reports.set(shard, owner.report);
    return reports;
  }

  /** Puts down checkpoints now. */
  async writeCheckpoints(): Promise<void> {
    await this.#checkpoints?.write();
  }

  /** Finishes what was taken in and leaves the group, so that others take over at once. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#rejoining);
    for (const shard of this.#owned.keys()) this.#change(shard, () => this.#giveUp(shard));
    await Promise.all(this.#changes.values());
    await this.#checkpoints?.stop();
    await this.#reads?.close();
    await this.#parts.replies.close();
  }

  /** The group has said who has what. Called before anything is read under the new assignment. */
  #assign({ partitions, isContinued }: Assignment): void {
    const kept = isContinued ? this.#assigned.filter((shard) => this.#isKept(shard, partitions)) : [];
    const gone = this.#assigned.filter((shard) => !kept.includes(shard));
    this.#assigned = partitions;
    this.#ended.clear();
    clearTimeout(this.#rejoining);
    this.#rejoining = undefined;
    for (const shard of gone) this.#change(shard, () => this.#giveUp(shard));
    if (!this.#reads) return;
    for (const shard of partitions)
      if (!kept.includes(shard)) this.#change(shard, () => this.#takeOver(shard));
  }

  #isKept(shard: number, partitions: readonly number[]): boolean {
    return partitions.includes(shard) && !this.#ended.has(shard);
  }

  #change(shard: number, change: () => Promise<void>): void {
    const before = this.#changes.get(shard) ?? Promise.resolve();
    this.#changes.set(
      shard,
      before.then(change).catch((error: unknown) => this.#end(shard, error)),
    );
  }

  async #takeOver(shard: number): Promise<void> {
    const reads = this.#reads;
    if (this.#isStopping || !reads || this.#owned.has(shard) || !this.#assigned.includes(shard)) return;
    const { topics, ledgerId, log } = this.#settings;
    reads.admit(shard);
    await this.#checkpoints?.restore(shard);
    const folder = ownerFolder(this.#settings.shard.dataFolder, shard);
    const anchors = await openAnchorFile({
      path: folder.anchors,
      onFailed: (error) => log.error('an anchor was not written', errorOf(error)),
    });
    const { model, replies } = this.#parts;
    const settings = this.#settings.shard;
    const decidesSharedFacts = shard === SHARED_FACTS_SHARD;
    const clock = clockOf(settings);
    const owner = new PartitionOwner({
      shard,
      topics,
      reads,
      replies,
      clock,
      parts: this.#partsOf(shard, { folder, anchors, clock }),
      activate: (its) => activate(its, { settings, ledgerId, model, decidesSharedFacts }),
      onHead: (head) => anchors.note(head, Date.now()),
      onEnded: (error) => this.#end(shard, error),
      log,
    });
    this.#owned.set(shard, { owner, anchors });
    owner.start();
  }

  async #giveUp(shard: number): Promise<void> {
    const owned = this.#owned.get(shard);
    if (!owned) return;
    await owned.owner.stop();
    await owned.anchors.close();
    this.#owned.delete(shard);
  }

  /** What is still given to this worker is asked for again, but only when others had time to. */
  #end(shard: number, error: unknown): void {
    this.#settings.log.error(`shard ${shard}: ended`, errorOf(error));
    this.#change(shard, () => this.#giveUp(shard));
    if (this.#isStopping || !this.#assigned.includes(shard)) return;
    this.#ended.add(shard);
    const again = () => void this.#reads?.rejoin();
    this.#rejoining ??= setTimeout(again, this.#settings.rejoinAfterMs ?? SESSION_TIMEOUT_MS);
  }

  #partsOf(shard: number, { folder, anchors, clock }: OwnedFolder): ShardParts {
    const { kafka, topics, prefix, ledgerId, shards, entityKey, log } = this.#settings;
    const { policy, model } = this.#parts;
    const reads = this.#reads;
    if (!reads) throw new Error('a shard is opened by a member of the group');
    const openLog = openKafkaEventLog({
      kafka,
      topics,
      prefix,
      shard,
      reads,
      groupId: this.#groupId,
      openMirror: (identity) => openSqliteLogMirror(folder.log, identity),
      discardMirror: () => discardSqliteLogMirror(folder.log),
    });
    const onRecovered: ShardParts['onRecovered'] = ({ rows, position }) =>
      log.info(`shard ${shard}: taken over`, { count: rows, position });
    const settings = this.#shareOfCaches();
    const onDiscarded = (reason: string) =>
      log.warn(`shard ${shard}: state and histories are built again: ${reason}`, { cause: 'state' });
    return {
      ...localParts(settings, { folder, entityKey, policy, model, onRecovered, onDiscarded }),
      openLog: () => openAnchoredLog(openLog, anchors)({ ledgerId, shard }),
      place: { index: shard, count: shards },
      ...this.#sharedHistories(shard, clock),
    };
  }

  #sharedHistories(shard: number, clock: ShardClock): Partial<Pick<ShardParts, 'openFeatures'>> {
    const { redis, prefix, shards, log } = this.#settings;
    if (!redis) return {};
    const { historyCacheBytes: cacheBytes } = this.#shareOfCaches();
    return {
      openFeatures: sharedHistories({
        redis,
        prefix,
        shard,
        shards,
        cacheBytes,
        log,
        now: () => clock.now(),
      }),
    };
  }

  /** Any worker may come to own all shards. */
  #shareOfCaches(): ShardSettings {
    const { shard, shards } = this.#settings;
    return {
      ...shard,
      accountsCachedMax: Math.ceil(shard.accountsCachedMax / shards),
      historyCacheBytes: Math.ceil(shard.historyCacheBytes / shards),
    };
  }
}

function clockOf({ clock }: ShardSettings): ShardClock {
  if (clock.type === 'stream') return new StreamClock(clock.startsAt);
  return new BrokerClock({ now: Date.now, elapsed: () => performance.now() });
}

function errorOf(error: unknown) {
  return { cause: 'kafka', ...(error instanceof Error ? { error } : {}) };
}
