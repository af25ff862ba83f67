/**
 * A payment flow all in memory: a ledger, a policy, simple histories and a scorer that a test can
 * steer. What a shard would read from the log is kept here.
 */
import { DecisionState } from '#src/decision/decision-state.ts';
import { readPolicy } from '#src/decision/read-policy.ts';
import type { PolicyFile } from '#src/decision/policy-schema.ts';
import type { Answer } from '#src/domain/answer.ts';
import type { Command, CommandEnvelope, Pay } from '#src/domain/commands.ts';
import { decodePersonalContent } from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import type { PaymentFacts, PaymentPersonal } from '#src/domain/payment.ts';
import { sealPersonal } from '#src/ingest/seal-personal.ts';
import type { FeatureStage, PaymentOutcome } from '#src/ports/feature-stage.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import type { StoredPayment } from '#src/shard/decide-again.ts';
import { PaymentFlow, type Batch, type BatchResult } from '#src/shard/payment-flow.ts';
import { ShardState } from '#src/shard/shard-state.ts';
import { FEATURE_WORDS, LIMIT_FEATURES, policyOf, requestOf, START } from '#test/support/decision-setup.ts';
import { memoryLedger } from '#test/support/flow-harness.ts';

/** Attempts of the debtor, its posted payments a minute ago, and its open holds. */
const FEATURE_COUNT = 3;
const OUTCOME_DELAY_MS = 60_000;
const SALT = new Uint8Array(16);
const NO_KEYS = new Uint8Array();

export function memoryHistories(): FeatureStage {
  const attempts = new Map<string, number>();
  const posted: PaymentOutcome[] = [];
  const debtors = new Map<string, string>();
  return {
    featureCount: FEATURE_COUNT,
    load: () => Promise.resolve(),
    observe({ request, shardTime }, facts, { values, offset }) {
      const { id, debtor } = request.facts;
      const before = attempts.get(debtor) ?? 0;
      const isKnown = (one: PaymentOutcome) =>
        debtors.get(one.paymentId) === debtor && one.shardTime <= shardTime - OUTCOME_DELAY_MS;
      values.set([before, posted.filter(isKnown).length, facts.debtorOpenHolds], offset);
      attempts.set(debtor, before + 1);
      debtors.set(id, debtor);
      return [];
    },
    recordOutcome(outcome) {
      if (outcome.kind === 'posted') posted.push(outcome);
    },
    recordSignal() {},
    recordLabel() {},
  };
}

/** Scores by a function of one row; `isDown` lets a stand-in answer. */
export interface SteeredScorer extends Scorer {
  scoreOf: (row: Float32Array) => number;
  isDown: boolean;
}

export function steeredScorer(scoreOf: (row: Float32Array) => number = () => 0.01): SteeredScorer {
  return {
    model: 'net@1',
    featureCount: FEATURE_COUNT,
    scoreOf,
    isDown: false,
    score(vectors, rows) {
      const row = (index: number) => vectors.subarray(index * FEATURE_COUNT, (index + 1) * FEATURE_COUNT);
      const probabilities = Float32Array.from({ length: rows }, (_, index) => this.scoreOf(row(index)));
      return { probabilities, degraded: this.isDown };
    },
    explain: (_vectors, rows) =>
      Array.from({ length: rows }, () => [
        { featureIndex: 0, group: 'attempts', value: 3, contribution: 1.5 },
      ]),
  };
}

export class FlowInMemory {
  readonly scorer: SteeredScorer;
  readonly state: ShardState;
  readonly records: CommandRecord[] = [];
  /** What each batch has for the log. */
  readonly batches: BatchResult[] = [];
  readonly #flow: PaymentFlow;
  readonly #stored = new Map<string, StoredPayment>();
  #position = 0;

  constructor(file: Partial<PolicyFile> = {}, scorer: SteeredScorer = steeredScorer()) {
    this.scorer = scorer;
    const read = (document: string) => readPolicy(document, LIMIT_FEATURES);
    this.state = new ShardState({
      ledger: memoryLedger(),
      decisions: new DecisionState(policyOf(file)),
      readPolicy: (document) => {
        const result = read(document);
        if (!result.ok) throw new Error('an invalid policy was activated');
        return result.policy;
      },
    });
    this.#flow = new PaymentFlow({
      state: this.state,
      scorer,
      words: FEATURE_WORDS,
      nowMicros: () => 0,
      features: memoryHistories(),
      readPolicy: read,
      openOnFirstUse: true,
    });
  }

  /** Runs the commands as one batch, and what does not fit in it as the next ones. */
  async run(envelopes: readonly CommandEnvelope[]): Promise<readonly Answer[]> {
    const answers: Answer[] = [];
    while (answers.length < envelopes.length) {
      const batch: Batch = {
        envelopes: envelopes.slice(answers.length),
        position: ++this.#position,
        stored: new Map(this.#stored),
      };
      const result = await this.#flow.run(batch);
      this.batches.push(result);
      for (const record of result.records) this.#remember(record);
      for (const { command } of batch.envelopes) if (command.type === 'Pay') this.#keepPersonal(command);
      answers.push(...result.answers);
    }
    return answers;
  }

  /** One command in a batch of its own. */
  async runOne(command: Command, receivedAt: number = START): Promise<Answer> {
    const [answer] = await this.run([{ command, actor: 'token:1', receivedAt }]);
    if (!answer) throw new Error(`${command.type} has no answer`);
    return answer;
  }

  #remember(record: CommandRecord): void {
    this.records.push(record);
    for (const event of record.events) {
      if (event.type !== 'PaymentDecided' || !event.vector) continue;
      const received = record.events.find((one) => one.type === 'PaymentReceived');
      if (!received) continue;
      this.#stored.set(event.paymentId, {
        request: { facts: received.facts, personal: {} },
        vector: event.vector.slice(),
      });
    }
  }

  #keepPersonal({ facts, personal }: Pay): void {
    const stored = this.#stored.get(facts.id);
    if (!stored || !personal) return;
    const content = decodePersonalContent(personal).payment ?? {};
    this.#stored.set(facts.id, { ...stored, request: { facts, personal: content } });
  }
}

export function payOf(facts: Partial<PaymentFacts> = {}, personal?: PaymentPersonal): Pay {
  return {
    type: 'Pay',
    facts: requestOf({ facts }).facts,
    ...(personal ? { personal: sealPersonal({ payment: personal }, () => SALT) } : {}),
    bodyDigest: NO_KEYS,
    bodyVersion: 1,
    entityKeys: NO_KEYS,
  };
}
