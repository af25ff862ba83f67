/**
 * A ledger in memory for tests of its deciders: given what happened before, when a command comes, then
 * these events. Deciders alone are asked; what they say is applied by the product's own `evolve`.
 */
import type { Command } from '#src/domain/commands.ts';
import type { DecisionRecord, Outcome } from '#src/domain/decision.ts';
import type { LedgerEvent } from '#src/domain/events.ts';
import { decideLedger } from '#src/domain/ledger/decide.ts';
import type { DecidingContext, LedgerRules, Verdict } from '#src/domain/ledger/deciding.ts';
import { evolve } from '#src/domain/ledger/evolve.ts';
import type { PaymentState } from '#src/domain/ledger/payment-state.ts';
import { receivePayment, type Reception } from '#src/domain/ledger/receive-payment.ts';
import { settlePayment } from '#src/domain/ledger/settle-payment.ts';
import type { PaymentFacts } from '#src/domain/payment.ts';
import { ALONE, type ShardPlace } from '#src/domain/shard-place.ts';
import {
  EPOCH_MS,
  memoryLedger,
  openCommand,
  payCommand,
  transferCommand,
} from '#test/support/flow-harness.ts';

export const RULES: LedgerRules = {
  openOnFirstUse: false,
  captureExpiresAfterMs: 7_000,
  reviewExpiresAfterMs: 2_000,
  challengeExpiresAfterMs: 1_000,
  rescoreExpiresAfterMs: 4_000,
  undoMs: 0,
};

type Facts = Partial<PaymentFacts> & { readonly id: string };

export class LedgerCase {
  readonly ledger: ReturnType<typeof memoryLedger> = memoryLedger();
  rules: LedgerRules = RULES;
  now: number = EPOCH_MS;
  actor = 'token:ops';
  place: ShardPlace = ALONE;

  constructor(rules: Partial<LedgerRules> = {}) {
    this.rules = { ...RULES, ...rules };
  }

  get context(): DecidingContext {
    return {
      state: this.ledger,
      rules: this.rules,
      shardTime: this.now,
      actor: this.actor,
      place: this.place,
    };
  }

  /** What the command would do, without doing it. */
  when(command: Command): Verdict {
    const verdict = decideLedger(this.context, command);
    if (!verdict) throw new Error(`the ledger does not decide ${command.type}`);
    return verdict;
  }

  /** Does it. @throws when it is refused. */
  given(...commands: readonly Command[]): this {
    for (const command of commands) {
      const { events, answer } = this.when(command);
      if (answer.type === 'RefusedAnswer') throw new Error(answer.detail);
      this.apply(events);
    }
    return this;
  }

  /** Accounts: `a` may not overdraw and has the amount, `shop` may not either and has nothing. */
  funded(amountMinor: number): this {
    this.given(
      openCommand('bank', 'allowed'),
      openCommand('a', 'forbidden'),
      openCommand('shop', 'forbidden'),
    );
    if (amountMinor === 0) return this;
    return this.given(transferCommand('funding', { debtor: 'bank', creditor: 'a', amount: amountMinor }));
  }

  receive(facts: Facts): Reception {
    const command = payCommand({ debtor: 'a', creditor: 'shop', ...facts });
    const arrival = { receivedAt: this.now, featureTime: this.now, positions: [] };
    return receivePayment(this.context, command, arrival);
  }

  /** Receives the payment and applies that. */
  received(facts: Facts): this {
    this.apply(this.receive(facts).events);
    return this;
  }

  /** Receives the payment and decides it so. */
  paid(facts: Facts, outcome: Outcome = 'approve', step: DecisionRecord['basis']['step'] = 'score'): this {
    this.received(facts);
    this.apply(this.settled(facts.id, outcome, step));
    return this;
  }

  settled(
    id: string,
    outcome: Outcome,
    step: DecisionRecord['basis']['step'] = 'score',
  ): readonly LedgerEvent[] {
    const payment = this.payment(id);
    const decision = decisionOf({ number: payment.decisions + 1, outcome, step, decidedAt: this.now });
    return settlePayment(this.context, payment, { decision });
  }

  apply(events: readonly LedgerEvent[]): void {
    for (const event of events) {
      evolve(this.ledger, event, { shardTime: this.now, position: 1, entityKeys: new Uint8Array() });
    }
  }

  payment(id: string): Readonly<PaymentState> {
    const payment = this.ledger.payments.get(id);
    if (!payment) throw new Error(`there is no payment ${id}`);
    return payment;
  }

  account(id: string) {
    const account = this.ledger.accounts.get(id);
    if (!account) throw new Error(`there is no account ${id}`);
    return account;
  }

  /** Posted, held for debits and held for credits, in minor units. */
  balances(id: string): readonly [bigint, bigint, bigint] {
    const { posted, heldDebits, heldCredits } = this.account(id);
    return [posted, heldDebits, heldCredits];
  }
}

function decisionOf(
  parts: Pick<DecisionRecord, 'number' | 'outcome' | 'decidedAt'> & { step: DecisionRecord['basis']['step'] },
): DecisionRecord {
  const { step, ...rest } = parts;
  return {
    ...rest,
    score: 0.5,
    basis: { step, ref: 'net@1' },
    diverted: [],
    reasons: [],
    model: 'net@1',
    policy: 'policy-1',
    mode: 'enforce',
    degraded: [],
    tookMicros: 1,
  };
}

export function refusal({ events, answer }: Verdict): string {
  if (events.length > 0) throw new Error('what is refused has events');
  return answer.type === 'RefusedAnswer' ? answer.refusal : answer.type;
}

/** Whether nothing was left to do. */
export function wasDone({ events, answer }: Verdict): boolean {
  return events.length === 0 && answer.type === 'DoneAnswer' && !answer.created;
}
