/**
 * A payment flow over a ledger in memory, with a scorer that reads its score from the payment, so
 * that tests choose the decision: amounts ending in 9 are denied, in 8 reviewed, in 7 challenged.
 */
import type { Answer } from '#src/domain/answer.ts';
import type { Command, CommandEnvelope, Pay } from '#src/domain/commands.ts';
import { DecisionState } from '#src/decision/decision-state.ts';
import { readPolicy } from '#src/decision/read-policy.ts';
import { decodePersonalContent, decodeRow, encodeRow } from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import {
  emptyCounters,
  memoryTable,
  type LedgerState,
  type DirectoryEntry,
  type Receipt,
} from '#src/domain/ledger/ledger-state.ts';
import type { Account } from '#src/domain/account.ts';
import type { PaymentState } from '#src/domain/ledger/payment-state.ts';
import { ALONE, type ShardPlace } from '#src/domain/shard-place.ts';
import type { FeatureStage } from '#src/ports/feature-stage.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import { PaymentFlow, type BatchResult } from '#src/shard/payment-flow.ts';
import { ShardState } from '#src/shard/shard-state.ts';

export const TEST_POLICY =
  'version: "test"\nthresholds: { challenge: 0.3, review: 0.5, deny: 0.9 }\nbreaker: { enabled: false }\n';
const SCORE_BY_LAST_DIGIT: Readonly<Record<number, number>> = { 7: 0.4, 8: 0.6, 9: 0.95 };

/** The amount is the only feature. */
const amountStage: FeatureStage = {
  featureCount: 1,
  load: () => Promise.resolve(),
  observe: (attempt, _facts, { values, offset }) => {
    values[offset] = attempt.request.facts.amount;
    return [];
  },
  recordOutcome: () => undefined,
  recordSignal: () => undefined,
  recordLabel: () => undefined,
};

const amountScorer: Scorer = {
  model: 'amounts@1',
  featureCount: 1,
  score: (vectors, rows) => ({
    probabilities: vectors.slice(0, rows).map((amount) => SCORE_BY_LAST_DIGIT[amount % 10] ?? 0.01),
    degraded: false,
  }),
  explain: (_vectors, rows) => Array.from({ length: rows }, () => []),
};

export interface FlowHarness {
  readonly state: LedgerState;
  readonly accounts: ReturnType<typeof memoryTable<Account>>;
  readonly payments: ReturnType<typeof memoryTable<PaymentState>>;
  readonly records: CommandRecord[];
  readonly results: BatchResult[];
  readonly shard: ShardState;
  /** The log position of each record. */
  readonly positions: number[];
  /** Runs the commands as one batch, or as many as its span allows. */
  run(envelopes: readonly CommandEnvelope[]): Promise<readonly Answer[]>;
  /** Applies a batch that was decided before, as a restart does. */
  adopt(result: BatchResult): void;
}

/** A ledger that is all in memory, with nothing in it. */
export function memoryLedger() {
  return {
    accounts: memoryTable<Account>(),
    payments: memoryTable<PaymentState>(),
    receipts: memoryTable<Receipt>(),
    directory: memoryTable<DirectoryEntry>(),
    counters: emptyCounters(),
  };
}

export function flowHarness(options: { openOnFirstUse?: boolean; place?: ShardPlace } = {}): FlowHarness {
  const ledger = memoryLedger();
  const policy = readPolicy(TEST_POLICY, []);
  if (!policy.ok) throw new Error(policy.problems.map(({ message }) => message).join());
  const state = new ShardState({
    ledger,
    decisions: new DecisionState(policy.policy),
    readPolicy: () => policy.policy,
  });
  const flow = new PaymentFlow({
    state,
    scorer: amountScorer,
    words: { name: () => 'amount', value: String, sentence: () => 'the amount' },
    nowMicros: () => 0,
    features: amountStage,
    readPolicy: (text) => readPolicy(text, []),
    openOnFirstUse: options.openOnFirstUse ?? false,
    place: options.place ?? ALONE,
  });
  const records: CommandRecord[] = [];
  const positions: number[] = [];
  const results: BatchResult[] = [];
  let position = 0;
  return {
    state: ledger,
    accounts: ledger.accounts,
    payments: ledger.payments,
    records,
    results,
    shard: state,
    positions,
    adopt(result) {
      position++;
      applyBatch(state, result, position);
      results.push(result);
      records.push(...result.records);
      positions.push(...result.records.map(() => position));
    },
    async run(envelopes) {
      const answers: Answer[] = [];
      while (answers.length < envelopes.length) {
        const rest = envelopes.slice(answers.length);
        position++;
        const result = await flow.run({ envelopes: rest, position, stored: new Map() });
        answers.push(...result.answers);
        results.push(result);
        records.push(...decodeRow(encodeRow(result.records)));
        positions.push(...result.records.map(() => position));
      }
      return answers;
    },
  };
}

function applyBatch(shard: ShardState, { records, personal }: BatchResult, position: number): void {
  for (const [record, { events, input, shardTime }] of records.entries()) {
    const part = personal.get(record);
    const content = part && decodePersonalContent(part);
    const context = { shardTime, position, record, entityKeys: new Uint8Array(), personal: content };
    for (const event of events) shard.apply(event, context);
    shard.ledger.counters.input = input;
    shard.ledger.counters.shardTime = shardTime;
  }
}

export const EPOCH_MS = 1_790_000_000_000;

export function envelopeOf(command: Command, receivedAt: number = EPOCH_MS): CommandEnvelope {
  return { command, actor: 'token:test', receivedAt };
}

/** Equal for equal contents, as a digest is. */
export function digestOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

export function payCommand(facts: Partial<Pay['facts']> & { readonly id: string }): Pay {
  const whole: Pay['facts'] = {
    occurredAt: EPOCH_MS,
    amount: 100,
    asset: 'EUR',
    debtor: 'customer:1',
    creditor: 'merchant:1',
    capture: 'automatic',
    ...facts,
  };
  return {
    type: 'Pay',
    facts: whole,
    bodyDigest: digestOf(whole),
    bodyVersion: 1,
    entityKeys: new Uint8Array(),
  };
}

export function openCommand(
  account: string,
  overdraft: 'allowed' | 'forbidden',
  overdraftLimit?: number,
): Command {
  const fields = {
    account,
    asset: 'EUR',
    overdraft,
    ...(overdraftLimit === undefined ? {} : { overdraftLimit }),
  };
  return { type: 'OpenAccount', ...fields, bodyDigest: digestOf(fields) };
}

export function transferCommand(
  transferId: string,
  move: { debtor: string; creditor: string; amount: number },
): Command {
  const fields = { transferId, ...move, asset: 'EUR', reason: 'test' };
  return { type: 'Transfer', ...fields, bodyDigest: digestOf(fields) };
}
