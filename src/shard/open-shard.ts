/** Opens what a shard works on, brings it to the head of the log, and keeps its checkpoints. */
import type { PolicyResult } from '#src/decision/compile-policy.ts';
import type { FeatureWords } from '#src/decision/feature-words.ts';
import type { Policy } from '#src/decision/policy.ts';
import { LedgerStore } from '#src/pending/ledger-store.ts';
import type { AssetTable } from '#src/domain/asset.ts';
import type { EntityKeyer } from '#src/ports/entity-keyer.ts';
import type { EventLog, LogHead } from '#src/ports/event-log.ts';
import type { DurableFeatureStage } from '#src/ports/feature-stage.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { referenceAmount } from './reference-amount.ts';
import { PaymentFlow } from './payment-flow.ts';
import { recover } from './recovery.ts';
import { decisionStateOf, readRegistry, restoreRegistry, snapshotRegistry } from './registry-snapshot.ts';
import { ShardState } from './shard-state.ts';

/** Commands between two checkpoints: what a restart has to apply again, at about 50,000 a second. */
const CHECKPOINT_EVERY_COMMANDS = 50_000;
/** Objects encoded after one batch, so that no batch waits long for a checkpoint. */
const CHECKPOINT_STEP_OBJECTS = 1_000;

/** An amount in minor units of the reference currency; undefined without a rate. */
export type ToReference = (amount: number, asset: string) => number | undefined;

export interface ShardParts {
  readonly openLog: () => Promise<EventLog>;
  readonly openStore: () => Promise<StateStore>;
  readonly openFeatures: (toReference: ToReference) => Promise<DurableFeatureStage>;
  readonly assets: AssetTable;
  readonly keyer: EntityKeyer;
  readonly scorer: Scorer;
  readonly words: FeatureWords;
  readonly readPolicy: (document: string) => PolicyResult;
  /** In force until the log activates one. */
  readonly initialPolicy: Policy;
  readonly openOnFirstUse: boolean;
  readonly accountsCachedMax: number;
  readonly nowMicros: () => number;
  readonly onRecovered: (recovered: { readonly rows: number; readonly position: number }) => void;
}

export interface ShardResources {
  readonly log: EventLog;
  readonly state: ShardState;
  readonly features: DurableFeatureStage;
  readonly flow: PaymentFlow;
  head: LogHead;
  /** Checkpoint work, a little at a time. */
  afterBatch(commands: number): Promise<void>;
  whileIdle(): Promise<void>;
  /** Closes everything without writing: what is in memory may not be true. */
  abandon(): Promise<void>;
  /** Writes a checkpoint and closes everything. */
  close(): Promise<void>;
}

export type OpenShard = () => Promise<ShardResources>;

export function shardOpener(parts: ShardParts): OpenShard {
  return async () => {
    const opened: Opened[] = [];
    try {
      return await assemble(parts, opened);
    } catch (error) {
      await closeAll(opened);
      throw error;
    }
  };
}

/** What was opened, in that order. */
interface Opened {
  close(): Promise<void>;
}

async function assemble(parts: ShardParts, opened: Opened[]): Promise<ShardResources> {
  const log = await parts.openLog();
  opened.unshift(log);
  const store = await parts.openStore();
  opened.unshift(store);
  const { ledger, state } = await openState(parts, store);
  const features = await parts.openFeatures((amount, asset) => {
    return referenceAmount(state.rates, parts.assets, { amount, asset });
  });
  opened.unshift(features);
  const head = await log.head();
  if (ledger.checkpointPosition > head.position || features.writtenPosition > head.position) {
    await store.clear();
    throw new StateAheadOfLogError(ledger.checkpointPosition, head.position);
  }
  const openIds = [...ledger.openPaymentIds()];
  const statePosition = ledger.checkpointPosition;
  const rows = await recover({ log, state, statePosition, features, keyer: parts.keyer });
  for (const id of openIds) {
    const payment = ledger.payments.get(id);
    if (payment?.status === 'pending') state.watch(payment);
  }
  parts.onRecovered({ rows, position: head.position });
  const flow = new PaymentFlow({ ...parts, state, features });
  return resourcesOf({ log, features, opened, ledger, state, flow, head });
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

interface Assembled {
  readonly log: EventLog;
  readonly features: DurableFeatureStage;
  readonly opened: readonly Opened[];
  readonly ledger: LedgerStore;
  readonly state: ShardState;
  readonly flow: PaymentFlow;
  readonly head: LogHead;
}

function resourcesOf({ log, features, opened, ledger, state, flow, head }: Assembled): ShardResources {
  let sinceCheckpoint = 0;
  let writeError: Error | undefined;
  const begin = (position: number) => {
    sinceCheckpoint = 0;
    ledger.beginCheckpoint(position, snapshotRegistry(state));
  };
  const step = async (position: number) => {
    if (writeError !== undefined) throw writeError;
    if (ledger.checkpointStage === 'none' && sinceCheckpoint >= CHECKPOINT_EVERY_COMMANDS) begin(position);
    if (ledger.checkpointStage === 'encoding' && ledger.encodeCheckpoint(CHECKPOINT_STEP_OBJECTS)) {
      ledger.writeCheckpoint().catch((error: unknown) => {
        writeError = new Error('the checkpoint was not written', { cause: error });
      });
    }
    await features.writeSome(position);
  };
  return {
    log,
    state,
    features,
    flow,
    head,
    async afterBatch(commands) {
      sinceCheckpoint += commands;
      await step(this.head.position);
    },
    async whileIdle() {
      await step(this.head.position);
    },
    abandon: () => closeAll(opened),
    async close() {
      if (ledger.checkpointStage !== 'none') await finish(ledger);
      begin(this.head.position);
      await finish(ledger);
      await features.writeAll();
      await closeAll(opened);
    },
  };
}

async function finish(ledger: LedgerStore): Promise<void> {
  ledger.encodeCheckpoint(Number.MAX_SAFE_INTEGER);
  await ledger.writeCheckpoint();
}

async function closeAll(opened: readonly Opened[]): Promise<void> {
  for (const each of opened) await each.close();
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
