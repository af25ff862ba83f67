/** Tells the entity histories what became of payments, and what was found out about them. */
import type { LedgerEvent } from '#src/domain/events.ts';
import type { LedgerState } from '#src/domain/ledger/ledger-state.ts';
import { isLabelOfFraud } from '#src/domain/ledger/record-facts.ts';
import type { FeatureStage, Origin, PaymentOutcome } from '#src/ports/feature-stage.ts';
import type { AppliedContext } from './shard-state.ts';

type OutcomeKind = PaymentOutcome['kind'];

interface Paid {
  readonly paymentId: string;
  /** The payment's own where it is absent. */
  readonly amount?: number;
}

export class OutcomeFeed {
  readonly #ledger: LedgerState;
  readonly #features: FeatureStage;

  constructor(ledger: LedgerState, features: FeatureStage) {
    this.#ledger = ledger;
    this.#features = features;
  }

  tell(event: LedgerEvent, context: AppliedContext): void {
    switch (event.type) {
      case 'PaymentPosted':
        return this.#outcome('posted', event, context);
      case 'PaymentCaptured':
        return this.#outcome('posted', event, context);
      case 'PaymentDenied':
        return this.#outcome('denied', event, context);
      case 'PaymentRejected':
        return this.#outcome('rejected', event, context);
      case 'PaymentReversed':
        return this.#outcome('reversed', event, context);
      case 'AuthorizationRecorded':
        if (event.result === 'declined') this.#outcome('authorization_declined', event, context);
        return;
      case 'LabelRecorded':
        return this.#label(event, context);
      case 'SignalRecorded':
        return this.#features.recordSignal({
          origin: originOf(context),
          kind: event.kind,
          entityKeys: context.entityKeys,
          occurredAt: event.occurredAt,
          shardTime: context.shardTime,
        });
      default:
        return;
    }
  }

  #label(event: LedgerEvent & { type: 'LabelRecorded' }, context: AppliedContext): void {
    const { paymentId, turns } = event;
    if (paymentId !== undefined) {
      if (turns) this.#outcome(`${turns}_label`, { paymentId }, context);
      return;
    }
    const { entityKeys, shardTime } = context;
    const isFraud = isLabelOfFraud(event);
    this.#features.recordLabel({ origin: originOf(context), entityKeys, isFraud, shardTime });
  }

  #outcome(kind: OutcomeKind, { paymentId, amount }: Paid, context: AppliedContext): void {
    const payment = this.#ledger.payments.get(paymentId);
    if (!payment) throw new Error(`payment ${paymentId} is not known`);
    const { entityKeys, featureTime, asset } = payment;
    this.#features.recordOutcome({
      origin: originOf(context),
      kind,
      paymentId,
      entityKeys,
      featureTime,
      shardTime: context.shardTime,
      asset,
      amount: amount ?? payment.amount,
    });
  }
}

/** More records than a row of the log has. */
const ROW_RECORDS_MAX = 2048;

function originOf({ position, record }: AppliedContext): Origin {
  return position * ROW_RECORDS_MAX + record;
}
