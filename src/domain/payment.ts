/**
 * A payment as it was asked for, split in two for the whole of its life:
 *
 * - **facts**, which the hash chain covers and nothing may ever remove;
 * - its **personal part**, which is stored beside them and can be erased (P1): the facts hold only
 *   a salted digest of it.
 *
 * Times are milliseconds since 1970 (UTC); amounts are integers in the asset's minor units.
 */

export type CaptureMode = 'automatic' | 'manual';
export type CheckResult = 'pass' | 'fail' | 'unavailable' | 'unchecked';
export type AuthenticationResult = 'authenticated' | 'attempted' | 'failed' | 'rejected' | 'unavailable';
export type Initiator = 'customer' | 'merchant';
export type Channel = 'web' | 'app' | 'pos' | 'moto' | 'recurring' | 'transfer' | 'verification' | 'other';
export type CardFunding = 'credit' | 'debit' | 'prepaid' | 'unknown';
/** How the device id was made: asserted by hardware, by a client library, or guessed by a server. */
export type DeviceAssurance = 'hardware' | 'client' | 'server' | 'unknown';

export interface PaymentReferences {
  readonly order?: string;
  readonly endToEnd?: string;
  readonly provider?: string;
  readonly payout?: string;
}

/** What the chain covers for ever. */
export interface PaymentFacts {
  readonly id: string;
  readonly occurredAt: number;
  /** Minor units, 1 to 2^53 - 1; 0 only for a verification. */
  readonly amount: number;
  readonly asset: string;
  readonly debtor: string;
  readonly creditor: string;
  readonly capture: CaptureMode;
  readonly channel?: Channel;
  readonly initiator?: Initiator;
  /** The intent or order that several attempts belong to. */
  readonly group?: string;
  readonly references?: PaymentReferences;
  /** ISO 8601 calendar dates, as the bank's books need them. */
  readonly bookingDate?: string;
  readonly valueDate?: string;
  readonly merchant?: { readonly id: string; readonly category?: string; readonly country?: string };
  readonly card?: {
    readonly bin?: string;
    readonly country?: string;
    readonly brand?: string;
    readonly funding?: CardFunding;
    readonly wallet?: string;
  };
  readonly customer?: {
    readonly createdAt?: number;
    readonly emailDomain?: string;
    readonly guest?: boolean;
  };
  readonly billing?: { readonly country?: string };
  readonly shipping?: { readonly country?: string };
  readonly checks?: { readonly cvc?: CheckResult; readonly avs?: CheckResult };
  readonly authentication?: { readonly result?: AuthenticationResult; readonly liabilityShifted?: boolean };
  /** Scores of others, by their name, from 0 to 1. */
  readonly scores?: Readonly<Record<string, number>>;
}

export interface DeviceDetails {
  readonly id?: string;
  readonly assurance?: DeviceAssurance;
  readonly userAgent?: string;
  readonly timezone?: string;
  readonly language?: string;
  readonly screen?: string;
}

/** What can be erased. */
export interface PaymentPersonal {
  /** A token or fingerprint, never a card number. */
  readonly cardId?: string;
  readonly device?: DeviceDetails;
  /** IPv4 or IPv6, in its canonical text form. */
  readonly ip?: string;
  readonly emailHash?: string;
  readonly phoneHash?: string;
  readonly billingAddressHash?: string;
  readonly shippingAddressHash?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface PaymentRequest {
  readonly facts: PaymentFacts;
  readonly personal: PaymentPersonal;
}
