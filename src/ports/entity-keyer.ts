/**
 * Makes the keyed hashes by which histories know entities, so that no history and no log holds a card,
 * device or address in the clear. The key is kept outside the log; the layout belongs to the features.
 */
import type { EntityKind } from '#src/domain/entity.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';

export interface EntityKeyer {
  /** The keys of every entity that the payment names. Called once for each payment, at ingest. */
  readonly ofPayment: (request: PaymentRequest) => Uint8Array;
  /** The keys of what a signal names. */
  readonly ofSignal: (signal: SignalEntities) => Uint8Array;
  /** The key of one entity that a label names. */
  readonly ofEntity: (kind: EntityKind, id: string) => Uint8Array;
}

export interface SignalEntities {
  readonly account: string;
  readonly device?: string;
  /** In its canonical form. */
  readonly ip?: string;
}
