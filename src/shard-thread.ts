/** The thread of a shard: opens the log and the stores of a data folder and runs the shard on them. */
import { randomBytes } from 'node:crypto';
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { openAnchorFile } from '#src/adapters/files/anchor-file.ts';
import { openIpLocationTable } from '#src/adapters/files/ip-location-table.ts';
import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import { readPolicy } from '#src/decision/read-policy.ts';
import type { Policy } from '#src/decision/policy.ts';
import { assetTable } from '#src/domain/asset.ts';
import type { Command, CommandEnvelope } from '#src/domain/commands.ts';
import { catalogueWords } from '#src/features/catalogue-words.ts';
import { attemptLimitFeatures } from '#src/features/feature-catalogue.ts';
import { HistoryFeatureStage } from '#src/features/history-feature-stage.ts';
import { createEntityKeyer } from '#src/features/sip-entity-keyer.ts';
import type { AnchorStore } from '#src/ports/anchors.ts';
import type { DurableFeatureStage } from '#src/ports/feature-stage.ts';
import { shardOpener, type ShardParts } from '#src/shard/open-shard.ts';
import { Shard, type ShardReply } from '#src/shard/shard.ts';
import { dataFolder, readSecret } from './data-folder.ts';
import { openModel, type ModelChoice, type OpenedModel } from './open-model.ts';
import { readCommandMessage, writeAnswerMessage, type FromShard, type ToShard } from './shard-messages.ts';

export interface ShardThreadSettings {
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

async function runShard(port: MessagePort, settings: ShardThreadSettings): Promise<void> {
  const post = (message: FromShard) => {
    if (message instanceof Uint8Array) port.postMessage(message, [message.buffer]);
    else port.postMessage(message);
  };
  const onFailure = (error: unknown) => post({ type: 'failure', message: messageOf(error) });
  const policy = validPolicy(settings);
  const model = await openModel(settings.model, policy.baseRate, onFailure);
  const folder = dataFolder(settings.dataFolder);
  const anchors = await openAnchorFile({ path: folder.anchors, onFailed: onFailure });
  const inbox = new Inbox(port, settings.clock, (envelopes) =>
    shard.submit(envelopes, (reply) => post(messageFor(reply))),
  );
  const shard = new Shard({
    open: shardOpener(shardParts(settings, { policy, model, post })),
    collect: () => inbox.collect(),
    now: () => inbox.now(),
    onBatch: ({ head }) => anchors.note(head, Date.now()),
    onFailure,
    onReadiness: (readiness) => post({ type: 'readiness', readiness }),
  });
  const { ledgerId, tokens } = await shard.start();
  await activate(shard, settings, { ledgerId, model });
  post({ type: 'started', tokens });
  inbox.onStop(() => void finish({ shard, anchors, port }));
  inbox.open();
}

async function finish({ shard, anchors, port }: { shard: Shard; anchors: AnchorStore; port: MessagePort }) {
  await shard.stop();
  await anchors.close();
  port.close();
}

interface PartsContext {
  readonly policy: Policy;
  readonly model: OpenedModel;
  readonly post: (message: FromShard) => void;
}

function shardParts(settings: ShardThreadSettings, { policy, model, post }: PartsContext): ShardParts {
  const folder = dataFolder(settings.dataFolder);
  const features = attemptLimitFeatures();
  const openLog = openSqliteEventLog({ path: folder.log });
  return {
    openLog: () =>
      openLog({ ledgerId: `ldg_${randomBytes(LEDGER_ID_BYTES).toString('base64url')}`, shard: 0 }),
    openStore: () => openLevelDbStateStore(folder.state),
    openFeatures: (toReference) => Promise.resolve(new RebuiltFeatureStage({ toReference })),
    assets: assetTable(settings.assets),
    keyer: createEntityKeyer({ key: readSecret(folder), ipTable: openIpLocationTable() }),
    scorer: model.scorer,
    words: catalogueWords,
    readPolicy: (document) => readPolicy(document, features),
    initialPolicy: policy,
    openOnFirstUse: settings.openOnFirstUse,
    accountsCachedMax: settings.accountsCachedMax,
    nowMicros: () => performance.now() * 1_000,
    onRecovered: (recovered) => post({ type: 'recovered', ...recovered }),
  };
}

function validPolicy({ policy }: ShardThreadSettings): Policy {
  const result = readPolicy(policy.document, attemptLimitFeatures());
  if (result.ok) return result.policy;
  const problems = result.problems.map(({ path, message }) => `${path}: ${message}`);
  throw new Error(`the policy ${policy.version} is not valid: ${problems.join('; ')}`);
}

/** Puts in force what the configuration says, where the log does not have it already. */
async function activate(
  shard: Shard,
  settings: ShardThreadSettings,
  { ledgerId, model }: { ledgerId: string; model: OpenedModel },
): Promise<void> {
  const { name, version, digest } = openIpLocationTable();
  const commands: Command[] = [
    { type: 'OpenLedger', ledgerId, software: settings.software, assets: settings.assets },
    { type: 'ActivatePolicy', ...settings.policy },
    model.activation,
    { type: 'RecordIpTable', name, version, digest },
  ];
  const receivedAt = settings.clock.type === 'system' ? Date.now() : settings.clock.startsAt;
  const envelopes = commands.map((command) => ({ command, actor: 'system', receivedAt }));
  await new Promise<void>((resolve, reject) => {
    let answered = 0;
    shard.submit(envelopes, (reply) => {
      if (reply.type === 'unavailable') return reject(new Error('the log could not be written at start'));
      answered += reply.answers.length;
      const refused = reply.answers.find((answer) => answer.type === 'RefusedAnswer');
      if (refused) reject(new Error(refused.detail));
      else if (answered === envelopes.length) resolve();
    });
  });
}

/** Histories in memory only: a restart tells it the whole log. */
class RebuiltFeatureStage extends HistoryFeatureStage implements DurableFeatureStage {
  readonly writtenPosition = 0;

  beginRow(): void {
    // The stage counts its rows itself.
  }

  writeSome(): Promise<void> {
    return Promise.resolve();
  }

  writeAll(): Promise<void> {
    return Promise.resolve();
  }

  clear(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Takes messages as they come, and all that wait at once when a batch is put together. */
class Inbox {
  readonly #port: MessagePort;
  readonly #clock: ShardThreadSettings['clock'];
  readonly #submit: (envelopes: readonly CommandEnvelope[]) => void;
  #onStop: (() => void) | undefined;
  #newest = 0;

  constructor(
    port: MessagePort,
    clock: ShardThreadSettings['clock'],
    submit: (envelopes: readonly CommandEnvelope[]) => void,
  ) {
    this.#port = port;
    this.#clock = clock;
    this.#submit = submit;
  }

  onStop(stop: () => void): void {
    this.#onStop = stop;
  }

  open(): void {
    this.#port.on('message', (message: ToShard) => this.#take(message));
  }

  collect(): void {
    for (;;) {
      const waiting = receiveMessageOnPort(this.#port);
      if (!waiting) return;
      this.#take(waiting.message as ToShard);
    }
  }

  now(): number {
    return this.#clock.type === 'system' ? Date.now() : this.#newest;
  }

  #take(message: ToShard): void {
    if (!(message instanceof Uint8Array)) return this.#onStop?.();
    const envelopes = readCommandMessage(message);
    for (const { receivedAt } of envelopes) this.#newest = Math.max(this.#newest, receivedAt);
    this.#submit(envelopes);
  }
}

function messageFor(reply: ShardReply): FromShard {
  return reply.type === 'answered' ? writeAnswerMessage(reply) : reply;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

if (!parentPort) throw new Error('a shard runs on a thread of its own');
await runShard(parentPort, workerData as ShardThreadSettings);
