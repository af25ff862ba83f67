/** What an embedded shard is made of: SQLite for the log, LevelDB for its state, all in one data folder. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { openIpLocationTable } from '#src/adapters/files/ip-location-table.ts';
import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import type { Policy } from '#src/decision/policy.ts';
import { readPolicy } from '#src/decision/read-policy.ts';
import { assetTable } from '#src/domain/asset.ts';
import { catalogueWords } from '#src/features/catalogue-words.ts';
import { DurableHistoryStage } from '#src/features/durable-history-stage.ts';
import { attemptLimitFeatures } from '#src/features/feature-catalogue.ts';
import { createEntityKeyer } from '#src/features/sip-entity-keyer.ts';
import { openAnchoredLog } from '#src/journal/open-anchored-log.ts';
import type { AnchorStore } from '#src/ports/anchors.ts';
import type { ShardParts } from '#src/shard/open-shard.ts';
import { dataFolder, readSecret, type DataFolder } from './data-folder.ts';
import type { ModelChoice, OpenedModel } from './open-model.ts';

export interface ShardSettings {
  readonly dataFolder: string;
  readonly model: ModelChoice;
  /** The policy file's text, and the version that it says. */
  readonly policy: { readonly version: string; readonly document: string };
  readonly openOnFirstUse: boolean;
  /** Assets beyond ISO 4217, with their decimals. */
  readonly assets: Readonly<Record<string, number>>;
  readonly accountsCachedMax: number;
  readonly historyCacheBytes: number;
  /** `stream`: the time is that of the newest command, as when the past is played again. */
  readonly clock: { readonly type: 'system' } | { readonly type: 'stream'; readonly startsAt: number };
  readonly software: string;
}

const LEDGER_ID_BYTES = 9;

interface PartsContext {
  /** The log is held against its newest anchor whenever it is opened. */
  readonly anchors: Pick<AnchorStore, 'newest'>;
  readonly policy: Policy;
  readonly model: OpenedModel;
  readonly onRecovered: ShardParts['onRecovered'];
  /** State and histories could not be read, and are built again from the log. */
  readonly onDiscarded: (reason: string) => void;
}

export function drawLedgerId(): string {
  return `ldg_${randomBytes(LEDGER_ID_BYTES).toString('base64url')}`;
}

/** The adapters of an embedded shard, on the files of one data folder. */
export function shardParts(settings: ShardSettings, context: PartsContext): ShardParts {
  const folder = dataFolder(settings.dataFolder);
  const openLog = openAnchoredLog(openSqliteEventLog({ path: folder.log }), context.anchors);
  return {
    ...localParts(settings, { ...context, folder, entityKey: readSecret(folder) }),
    openLog: () => openLog({ ledgerId: drawLedgerId(), shard: 0 }),
  };
}

export interface LocalContext extends Omit<PartsContext, 'anchors'> {
  readonly folder: Pick<DataFolder, 'state' | 'histories'>;
  readonly entityKey: Uint8Array;
}

/** All that a shard is made of but its log, on this machine. */
export function localParts(
  settings: ShardSettings,
  { folder, entityKey, policy, model, onRecovered, onDiscarded }: LocalContext,
): Omit<ShardParts, 'openLog'> {
  const features = attemptLimitFeatures();
  return {
    openStore: () => openLevelDbStateStore(folder.state),
    async discardStores(reason) {
      onDiscarded(reason);
      for (const store of [folder.state, folder.histories]) await rm(store, { recursive: true, force: true });
    },
    openFeatures: async (toReference) =>
      new DurableHistoryStage({
        store: await openLevelDbStateStore(folder.histories),
        cacheBytes: settings.historyCacheBytes,
        toReference,
      }),
    assets: assetTable(settings.assets),
    keyer: createEntityKeyer({ key: entityKey, ipTable: openIpLocationTable() }),
    scorer: model.scorer,
    words: catalogueWords,
    readPolicy: (document) => readPolicy(document, features),
    initialPolicy: policy,
    openOnFirstUse: settings.openOnFirstUse,
    accountsCachedMax: settings.accountsCachedMax,
    nowMicros: () => performance.now() * 1_000,
    onRecovered,
  };
}

/** @throws when the policy of the settings is not valid. */
export function policyOf({ policy }: ShardSettings): Policy {
  const result = readPolicy(policy.document, attemptLimitFeatures());
  if (result.ok) return result.policy;
  const problems = result.problems.map(({ path, message }) => `${path}: ${message}`);
  throw new Error(`the policy ${policy.version} is not valid: ${problems.join('; ')}`);
}
