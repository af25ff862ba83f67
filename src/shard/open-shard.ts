/** Opens what a shard works on, and brings it to the head of the log. */
import type { PolicyResult } from '#src/decision/compile-policy.ts';
import type { FeatureWords } from '#src/decision/feature-words.ts';
import type { Policy } from '#src/decision/policy.ts';
import type { AssetTable } from '#src/domain/asset.ts';
import { decodeRowInputs, type RowInputs } from '#src/domain/encoding/row-codec.ts';
import type { ShardPlace } from '#src/domain/shard-place.ts';
import { LedgerStore } from '#src/pending/ledger-store.ts';
import type { EntityKeyer } from '#src/ports/entity-keyer.ts';
import type { EventLog, LogHead } from '#src/ports/event-log.ts';
import type { DurableFeatureStage } from '#src/ports/feature-stage.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import { isStoreDamage } from '#src/ports/state-store-error.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { CHECKPOINT_EVERY_COMMANDS, Checkpoints } from './checkpoints.ts';
import { HistoryCatchUp } from './history-catch-up.ts';
import { eraseNow } from './erase-parts.ts';
import { HistoryRates } from './history-rates.ts';
import { PaymentFlow } from './payment-flow.ts';
import { referenceAmount } from './reference-amount.ts';
import { recover } from './recovery.ts';
import { decisionStateOf, readRegistry, restoreRegistry } from './registry-snapshot.ts';
import { ShardState } from './shard-state.ts';

/** An amount in minor units of the reference currency; undefined without a rate. */
export type ToReference = (amount: number, asset: string) => number | undefined;

export interface ShardParts {
  readonly openLog: () => Promise<EventLog>;
  readonly openStore: () => Promise<StateStore>;
  /** Removes state and histories, which are closed and cannot be read. */
  readonly discardStores: (reason: string) => Promise<void>;
  readonly openFeatures: (toReference: ToReference) => Promise<DurableFeatureStage>;
  readonly assets: AssetTable;
  readonly keyer: EntityKeyer;
  readonly scorer: Scorer;
  readonly words: FeatureWords;
  readonly readPolicy: (document: string) => PolicyResult;
  /** In force until the log activates one. */
  readonly initialPolicy: Policy;
  readonly openOnFirstUse: boolean;
  /** Absent in a ledger of one shard. */
  readonly place?: ShardPlace;
  /** Whether its commands stand in topics, so that each row has to say how far they were taken. */
  readonly isFed?: boolean;
  readonly accountsCachedMax: number;
  /** Between two checkpoints; the usual number where it is absent. */
  readonly checkpointEveryCommands?: number;
  readonly nowMicros: () => number;
  readonly onRecovered: (recovered: { readonly rows: number; readonly position: number }) => void;
}

export interface ShardResources {
  readonly log: EventLog;
  readonly state: ShardState;
  readonly features: DurableFeatureStage;
  readonly flow: PaymentFlow;
  head: LogHead;
  /** Where a shard that is fed goes on reading. */
  inputs: RowInputs | undefined;
  /** Checkpoint work, a little at a time. */
  afterBatch(commands: number): Promise<void>;
  whileIdle(): Promise<void>;
  /** Closes everything without writing: what is in memory may not be true. */
  abandon(): Promise<void>;
  /** Writes a checkpoint and closes everything. */
  close(): Promise<void>;
}

/** `after` is what ended the shard that was open before. */
export type OpenShard = (after?: unknown) => Promise<ShardResources>;

/** State and histories are a cache of the log: what of them cannot be read is made again from it. */
export function shardOpener(parts: ShardParts): OpenShard {
  return async (after) => {
    if (isStoreDamage(after)) await parts.discardStores(messageOf(after));
    try {
      return await openOnce(parts);
    } catch (error) {
      if (isStoreDamage(error)) await parts.discardStores(messageOf(error));
      else if (!(error instanceof StateAheadOfLogError)) throw error;
      return openOnce(parts);
    }
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What was opened, newest first. */
interface Opened {
  close(): Promise<void>;
}

/** What was opened before something failed is closed again, so that a later attempt finds it free. */
async function openOnce(parts: ShardParts): Promise<ShardResources> {
  const opened: Opened[] = [];
  try {
    return await assemble(parts, opened);
  } catch (error) {
    await closeAll(opened).catch((failure: unknown) => {
      throw new AggregateError([error, failure], 'a shard was not opened, and not closed in full');
    });
    throw error;
  }
}

async function assemble(parts: ShardParts, opened: Opened[]): Promise<ShardResources> {
  const log = await parts.openLog();
  opened.unshift(log);
  const store = await parts.openStore();
  opened.unshift(store);
  const { ledger, state } = await openState(parts, store);
  const rates = new HistoryRates(state);
  const features = await parts.openFeatures((amount, asset) => {
    return referenceAmount(rates.current, parts.assets, { amount, asset });
  });
  opened.unshift(features);
  const head = await log.head();
  const statePosition = ledger.checkpointPosition;
  await forgetWhatIsAhead({ store, features, statePosition, head });
  const openIds = [...ledger.openPaymentIds()];
  const checkpoints = new Checkpoints({
    ledger,
    state,
    features,
    everyCommands: parts.checkpointEveryCommands ?? CHECKPOINT_EVERY_COMMANDS,
  });
  const afterPage = (position: number, commands: number) => checkpoints.catchUp(position, commands);
  const { rows, erased } = await recover({
    log,
    state,
    statePosition,
    features,
    rates,
    keyer: parts.keyer,
    afterPage,
  });
  await eraseNow(log, erased);
  for (const id of openIds) {
    const payment = ledger.payments.get(id);
    if (payment?.status === 'pending') state.watch(payment);
  }
  const histories = new HistoryCatchUp({ log, state, features, keyer: parts.keyer, assets: parts.assets });
  await histories.catchUp(head.position);
  parts.onRecovered({ rows, position: head.position });
  const flow = new PaymentFlow({ ...parts, state, features });
  const inputs = parts.isFed ? await inputsOf(log, head) : undefined;
  return resourcesOf({ log, features, opened, checkpoints, histories, state, flow, head, inputs });
}

/** The state at the store's checkpoint. */
async function openState(parts: ShardParts, store: StateStore) {
  const readPolicy = (document: string) => validPolicy(parts.readPolicy(document));
  const ledger = await LedgerStore.open({ store, accountsCachedMax: parts.accountsCachedMax });
  const registry = readRegistry(store);
  const decisions = decisionStateOf(registry, { readPolicy, initialPolicy: parts.initialPolicy });
  const state = new ShardState({ ledger, decisions, readPolicy });
  restoreRegistry(state, registry);
  return { ledger, state };
}

interface Written {
  readonly store: StateStore;
  readonly features: DurableFeatureStage;
  readonly statePosition: number;
  readonly head: LogHead;
}

/** @throws StateAheadOfLogError after emptying what belongs to a longer log. */
async function forgetWhatIsAhead({ store, features, statePosition, head }: Written): Promise<void> {
  const written = features.remote ? statePosition : Math.max(statePosition, features.writtenPosition);
  if (written <= head.position) return;
  await store.clear();
  await features.clear();
  throw new StateAheadOfLogError(written, head.position);
}

interface Assembled {
  readonly log: EventLog;
  readonly features: DurableFeatureStage;
  readonly opened: readonly Opened[];
  readonly checkpoints: Checkpoints;
  readonly histories: HistoryCatchUp;
  readonly state: ShardState;
  readonly flow: PaymentFlow;
  readonly head: LogHead;
  readonly inputs: RowInputs | undefined;
}

/** As the newest row says that says it; an erasure, for one, takes no input. */
async function inputsOf(log: EventLog, { position }: LogHead): Promise<RowInputs> {
  for (let at = position; at > 0; at--) {
    const [row] = await log.read({ from: at, maxRows: 1, withPersonal: false });
    const inputs = row && decodeRowInputs(row.body);
    if (inputs) return inputs;
  }
  return { commands: 0, messages: 0 };
}

function resourcesOf({ opened, checkpoints, histories, ...parts }: Assembled): ShardResources {
  return {
    ...parts,
    async afterBatch(commands) {
      await checkpoints.step(this.head.position, commands);
      await histories.step(this.head.position);
    },
    async whileIdle() {
      await checkpoints.step(this.head.position, 0);
      await histories.step(this.head.position);
    },
    abandon: () => closeAll(opened),
    async close() {
      try {
        await checkpoints.finish(this.head.position);
      } finally {
        await closeAll(opened);
      }
    },
  };
}

/** Closes all, also where one of them cannot be closed. @throws AggregateError of what failed. */
async function closeAll(opened: readonly Opened[]): Promise<void> {
  const failures: unknown[] = [];
  for (const each of opened) await each.close().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, 'a shard was not closed in full');
}

function validPolicy(result: PolicyResult): Policy {
  if (result.ok) return result.policy;
  const [problem] = result.problems;
  throw new Error(`a policy in the log is not valid here: ${problem?.path ?? ''} ${problem?.message ?? ''}`);
}

/** The state store belongs to a longer log. It has been emptied, so that opening it again rebuilds it. */
export class StateAheadOfLogError extends Error {
  override readonly name = 'StateAheadOfLogError';

  constructor(statePosition: number, logPosition: number) {
    super(
      `the state goes to position ${statePosition}, the log only to ${logPosition}: the state is built again`,
    );
  }
}
