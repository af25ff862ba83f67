/**
 * The product's own way of deciding payments, in process and in memory: the readers of bodies, the
 * flow of a batch, the feature stage. Training and serving thus see the same vectors; only the log is
 * left out, because nothing here has to outlive the run.
 */
import { compilePolicy } from '#src/decision/compile-policy.ts';
import type { LimitFeature } from '#src/decision/bind-limits.ts';
import { DecisionState } from '#src/decision/decision-state.ts';
import type { FeatureWords } from '#src/decision/feature-words.ts';
import type { PolicyFile } from '#src/decision/policy-schema.ts';
import type { Policy } from '#src/decision/policy.ts';
import type { Account } from '#src/domain/account.ts';
import { assetTable } from '#src/domain/asset.ts';
import type { Answer } from '#src/domain/answer.ts';
import type { Command, CommandEnvelope } from '#src/domain/commands.ts';
import type { DecisionRecord } from '#src/domain/decision.ts';
import { emptyCounters, memoryTable } from '#src/domain/ledger/ledger-state.ts';
import type { DirectoryEntry, Receipt } from '#src/domain/ledger/ledger-state.ts';
import type { PaymentState } from '#src/domain/ledger/payment-state.ts';
import { SALT_BYTES } from '#src/domain/personal-part.ts';
import type { CommandReaderDeps } from '#src/ingest/command-reader.ts';
import { PaymentFlow } from '#src/shard/payment-flow.ts';
import type { EntityKeyer } from '#src/ports/entity-keyer.ts';
import type { FeatureStage } from '#src/ports/feature-stage.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import { ShardState } from '#src/shard/shard-state.ts';

export interface PipelineParts {
  readonly features: FeatureStage;
  readonly entityKeys: EntityKeyer;
  readonly scorer: Scorer;
  readonly words: FeatureWords;
  readonly limitFeatures: readonly LimitFeature[];
  readonly policy: PolicyFile;
}

/** What the pipeline made of one payment. */
export interface DecidedPayment {
  readonly paymentId: string;
  /** Undefined when the ledger turned it down without a decision. */
  readonly decision: DecisionRecord | undefined;
  /** A view of the batch that it was scored in: copy what is kept. */
  readonly vector: Float32Array | undefined;
}

const ACTOR = 'token:training';

export class ProductPipeline {
  /** What readers of bodies need; time is the arrival of what is read. */
  readonly readerDeps: CommandReaderDeps;
  readonly #flow: PaymentFlow;
  #now = 0;
  #position = 0;
  #ids = 0;

  constructor(parts: PipelineParts) {
    const policy = compiled(parts);
    const ledger = {
      accounts: memoryTable<Account>(),
      payments: memoryTable<PaymentState>(),
      receipts: memoryTable<Receipt>(),
      directory: memoryTable<DirectoryEntry>(),
      counters: emptyCounters(),
    };
    const readPolicy = () => policy;
    this.#flow = new PaymentFlow({
      state: new ShardState({ ledger, decisions: new DecisionState(policy), readPolicy }),
      scorer: parts.scorer,
      words: parts.words,
      features: parts.features,
      nowMicros: () => 0,
      readPolicy: () => ({ ok: true, policy }),
      openOnFirstUse: true,
    });
    const salt = new Uint8Array(SALT_BYTES);
    this.readerDeps = {
      assets: assetTable(),
      now: () => this.#now,
      aheadSecondsMax: 300,
      entityKeys: parts.entityKeys,
      drawSalt: () => salt,
      newId: () => `training_${(this.#ids += 1)}`,
    };
  }

  /** Makes a command with the clock at its arrival. */
  readAt<Result>(at: number, read: () => Result): Result {
    this.#now = at;
    return read();
  }

  /** Takes commands in order of arrival; answers and decided payments come in that order. */
  async take(
    commands: readonly { readonly command: Command; readonly at: number }[],
  ): Promise<{ readonly answers: readonly Answer[]; readonly decided: readonly DecidedPayment[] }> {
    let waiting: readonly CommandEnvelope[] = commands.map(({ command, at }) => ({
      command,
      actor: ACTOR,
      receivedAt: at,
    }));
    const answers: Answer[] = [];
    const decided: DecidedPayment[] = [];
    while (waiting.length > 0) {
      this.#position += 1;
      const result = await this.#flow.run({
        envelopes: waiting,
        position: this.#position,
        stored: new Map(),
      });
      for (const { events } of result.records) {
        for (const event of events) {
          if (event.type === 'PaymentDecided')
            decided.push({ paymentId: event.paymentId, decision: event.decision, vector: event.vector });
          if (event.type === 'PaymentRejected')
            decided.push({ paymentId: event.paymentId, decision: undefined, vector: undefined });
        }
      }
      answers.push(...result.answers);
      waiting = waiting.slice(result.answers.length);
    }
    return { answers, decided };
  }
}

function compiled({ policy, limitFeatures }: PipelineParts): Policy {
  const result = compilePolicy(policy, limitFeatures);
  if (result.ok) return result.policy;
  throw new Error(result.problems.map(({ path, message }) => `${path}: ${message}`).join('; '));
}
