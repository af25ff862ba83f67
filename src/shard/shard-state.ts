/**
 * Everything that a shard's decisions depend on apart from entity histories: the ledger, the policy
 * with its lists and counters, tokens, and what is due when. Changes by events only.
 */
import type { DecisionState } from '#src/decision/decision-state.ts';
import type { Policy } from '#src/decision/policy.ts';
import type { ErasedPart, LedgerEvent } from '#src/domain/events.ts';
import type {
  IpTableRecorded,
  ListEntryAdded,
  ModelActivated,
  RatesRecorded,
  TokenCreated,
} from '#src/domain/shared-fact.ts';
import type { LedgerRules } from '#src/domain/ledger/deciding.ts';
import { evolve, type EventContext } from '#src/domain/ledger/evolve.ts';
import type { LedgerState } from '#src/domain/ledger/ledger-state.ts';
import type { PaymentState } from '#src/domain/ledger/payment-state.ts';
import type { PersonalContent } from '#src/domain/personal-part.ts';
import { withoutPersonalKeys } from '#src/features/key-layout.ts';
import { DeadlineQueue } from '#src/pending/deadline-queue.ts';

export interface AppliedContext extends EventContext {
  /** Index of the event's record in its row of the log. */
  readonly record: number;
  /** The personal part of the event's record, as far as it is not erased. */
  readonly personal: PersonalContent | undefined;
}

export interface ShardStateParts {
  readonly ledger: LedgerState;
  readonly decisions: DecisionState;
  /** Reads the document of an activated policy. */
  readonly readPolicy: (document: string) => Policy;
}

/** Rates come daily, and histories lag behind by less than an hour. */
const RATE_ROWS_MAX = 64;

export class ShardState {
  readonly ledger: LedgerState;
  readonly decisions: DecisionState;
  /** Expiries and effects of reviews. */
  readonly deadlines: DeadlineQueue = new DeadlineQueue();
  /** Payments that wait to be scored again, nearest deadline first. */
  readonly rescores: DeadlineQueue = new DeadlineQueue();
  readonly tokens: Map<string, TokenCreated> = new Map();
  model: ModelActivated | undefined;
  ipTable: IpTableRecorded | undefined;
  rates: RatesRecorded | undefined;
  /** Rows of the log that recorded rates, oldest first: what histories that lag behind were counted with. */
  rateRows: number[] = [];
  ledgerId: string | undefined;
  /** The policy in force, as it was given. */
  policyDocument: string | undefined;
  readonly #readPolicy: (document: string) => Policy;

  constructor(parts: ShardStateParts) {
    this.ledger = parts.ledger;
    this.decisions = parts.decisions;
    this.#readPolicy = parts.readPolicy;
  }

  apply(event: LedgerEvent, context: AppliedContext): void {
    evolve(this.ledger, event, context);
    switch (event.type) {
      case 'LedgerOpened':
        this.ledgerId = event.ledgerId;
        return;
      case 'PolicyActivated':
        this.policyDocument = event.document;
        return this.decisions.activatePolicy(this.#readPolicy(event.document));
      case 'ModelActivated':
        this.model = event;
        return;
      case 'IpTableRecorded':
        this.ipTable = event;
        return;
      case 'RatesRecorded':
        this.rates = event;
        this.rateRows = [...this.rateRows.slice(1 - RATE_ROWS_MAX), context.position];
        return;
      case 'TokenCreated':
        this.tokens.set(event.tokenId, event);
        return;
      case 'TokenRevoked':
        this.tokens.delete(event.tokenId);
        return;
      case 'ListEntryAdded':
        return this.#addListEntry(event, context);
      case 'ListEntryRemoved':
        return this.decisions.removeListEntry(event.list, event.entryId);
      case 'PersonalDataErased':
        return this.#forget(event.parts);
      case 'PaymentDecided':
        return this.decisions.recordDecision(event.decision, this.#payment(event.paymentId).verification);
      case 'PaymentAwaits':
        return this.watch(this.#payment(event.paymentId));
      case 'ReviewDecided':
        return this.watch(this.#payment(event.paymentId));
      default:
        return;
    }
  }

  /** Puts a pending payment in the queues of what is due. */
  watch({ id, awaiting, until, reviewEffectAt }: Readonly<PaymentState>): void {
    if (until === undefined) return;
    this.deadlines.add({ at: until, paymentId: id });
    if (reviewEffectAt !== undefined) this.deadlines.add({ at: reviewEffectAt, paymentId: id });
    if (awaiting === 'rescore') this.rescores.add({ at: until, paymentId: id });
  }

  /** The times that the policy in force sets. */
  rules(openOnFirstUse: boolean): LedgerRules {
    const { capture, review, challenge, degraded } = this.decisions.policy;
    return {
      openOnFirstUse,
      captureExpiresAfterMs: capture.expiresAfterMs,
      reviewExpiresAfterMs: review.expiresAfterMs,
      challengeExpiresAfterMs: challenge.expiresAfterMs,
      rescoreExpiresAfterMs: degraded.rescoreWithinMs,
      undoMs: review.undoSeconds * 1_000,
    };
  }

  /** An entry whose value is erased names nobody any more and is left out. */
  #addListEntry(event: ListEntryAdded, context: AppliedContext): void {
    const { personal, shardTime, position, record } = context;
    const value = personal?.entity;
    if (value === undefined) return;
    const { entryId: id, list, kind, reason, owner, expiresAt } = event;
    const entry = {
      id,
      list,
      kind,
      value,
      reason,
      owner,
      ...(expiresAt === undefined ? {} : { expiresAt }),
      addedIn: { position, record },
    };
    this.decisions.addListEntry(entry, shardTime);
  }

  /** As a replay of the log will find it, in which the personal parts are gone. */
  #forget(parts: readonly ErasedPart[]): void {
    this.decisions.eraseListEntries(parts);
    for (const { paymentId } of parts) {
      if (paymentId === undefined) continue;
      const payment = this.ledger.payments.edit(paymentId);
      payment.entityKeys = withoutPersonalKeys(payment.entityKeys);
    }
  }

  #payment(id: string): Readonly<PaymentState> {
    const payment = this.ledger.payments.get(id);
    if (!payment) throw new Error(`payment ${id} is not known`);
    return payment;
  }
}
