/**
 * What other systems are told of payments: one change for each command that did something to a payment,
 * taken from the events of its record, so that a row read again tells the same again.
 *
 * Facts only: the personal part of a payment is not in events, and nothing of it can get here.
 */
import type { DecisionRecord } from './decision.ts';
import type { Awaitable, CommandRecord, LedgerEvent, RejectionReason } from './events.ts';
import type { PaymentFacts } from './payment.ts';
import type { ReversalKind } from './reversal-kind.ts';
import type { CreditRefusal, DebitRefusal } from './shard-message.ts';

/** What can happen to a payment, in words for programs. */
export const PAYMENT_STEPS = [
  'decided',
  'rejected',
  'held',
  'posted',
  'captured',
  'recorded',
  'denied',
  'voided',
  'expired',
  'settled',
  'returned',
  'reversed',
  'reversal_requested',
  'reversal_refused',
  'id_conflict',
] as const;
export type PaymentStep = (typeof PAYMENT_STEPS)[number];

export type PaymentTerms = Pick<PaymentFacts, 'debtor' | 'creditor' | 'amount' | 'asset'>;

/** Money of a payment that moved, or did not: all of it, or one capture or reversal. Minor units. */
export interface PaymentMovement {
  readonly id?: string;
  readonly amount?: number;
  readonly kind?: ReversalKind;
  readonly reason?: CreditRefusal | DebitRefusal;
  /** Of a capture: nothing is held any more. */
  readonly final?: boolean;
}

export interface PaymentChange {
  readonly paymentId: string;
  /** Of the record in its row, from 0. */
  readonly record: number;
  /** Shard time, milliseconds since 1970. */
  readonly at: number;
  /** In the order in which they happened; at least one. */
  readonly steps: readonly PaymentStep[];
  /** Who pays whom how much, with the first change of each payment. */
  readonly terms?: PaymentTerms;
  readonly rejection?: RejectionReason;
  readonly decision?: DecisionRecord;
  readonly awaiting?: { readonly for: Awaitable; readonly until: number };
  readonly movement?: PaymentMovement;
}

type Part = Pick<PaymentChange, 'terms' | 'rejection' | 'decision' | 'awaiting' | 'movement'>;

interface Step extends Part {
  readonly paymentId: string;
  /** Absent for what only says more about the steps beside it. */
  readonly step?: PaymentStep;
}

/** In the order of their records. */
export function paymentChanges(records: readonly CommandRecord[]): PaymentChange[] {
  return records.flatMap(({ events, shardTime: at }, record) => {
    const changes = new Map<string, PaymentChange>();
    for (const event of events) {
      const found = stepOf(event);
      if (!found) continue;
      const { paymentId, step, ...part } = found;
      const before = changes.get(paymentId) ?? { paymentId, record, at, steps: [] };
      const steps = step === undefined ? before.steps : [...before.steps, step];
      changes.set(paymentId, { ...before, ...part, steps });
    }
    return [...changes.values()].filter(({ steps }) => steps.length > 0);
  });
}

function stepOf(event: LedgerEvent): Step | undefined {
  switch (event.type) {
    case 'PaymentReceived': {
      const { id, debtor, creditor, amount, asset } = event.facts;
      return { paymentId: id, terms: { debtor, creditor, amount, asset } };
    }
    case 'PaymentRejected':
      return { paymentId: event.paymentId, step: 'rejected', rejection: event.reason };
    case 'PaymentDecided':
      return { paymentId: event.paymentId, step: 'decided', decision: event.decision };
    case 'PaymentAwaits':
      return {
        paymentId: event.paymentId,
        step: 'held',
        awaiting: { for: event.awaiting, until: event.until },
      };
    default:
      return endOf(event) ?? movementOf(event);
  }
}

const ENDS = {
  PaymentPosted: 'posted',
  PaymentRecorded: 'recorded',
  PaymentDenied: 'denied',
  PaymentVoided: 'voided',
  PaymentExpired: 'expired',
  PaymentIdConflict: 'id_conflict',
} as const;

function endOf(event: LedgerEvent): Step | undefined {
  switch (event.type) {
    case 'PaymentPosted':
    case 'PaymentRecorded':
    case 'PaymentDenied':
    case 'PaymentVoided':
    case 'PaymentExpired':
    case 'PaymentIdConflict':
      return { paymentId: event.paymentId, step: ENDS[event.type] };
    default:
      return undefined;
  }
}

function movementOf(event: LedgerEvent): Step | undefined {
  switch (event.type) {
    case 'PaymentCaptured': {
      const { paymentId, captureId: id, amount, final } = event;
      return { paymentId, step: 'captured', movement: { id, amount, final } };
    }
    case 'PaymentReversed': {
      const { paymentId, reversalId: id, amount, kind } = event;
      return { paymentId, step: 'reversed', movement: { id, amount, kind } };
    }
    case 'ReversalRequested': {
      const { paymentId, reversalId: id, amount, kind } = event;
      return { paymentId, step: 'reversal_requested', movement: { id, amount, kind } };
    }
    case 'ReversalRefused': {
      const { paymentId, reversalId: id, reason } = event;
      return { paymentId, step: 'reversal_refused', movement: { id, reason } };
    }
    case 'PaymentSettled':
      return { paymentId: event.paymentId, step: 'settled', movement: partOf(event) };
    case 'PaymentReturned':
      return {
        paymentId: event.paymentId,
        step: 'returned',
        movement: { ...partOf(event), reason: event.reason },
      };
    default:
      return undefined;
  }
}

function partOf({ captureId, amount }: { captureId?: string; amount: number }): PaymentMovement {
  return captureId === undefined ? { amount } : { id: captureId, amount };
}
