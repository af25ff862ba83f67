/**
 * Owns the shape of one try to pay, with all that the world knows about it: what any seat may see,
 * and what nobody sees (the truth, and what issuer, customer and reviewer would say if asked).
 */
import type { Card } from './cards.ts';
import type { Device } from './devices.ts';
import type { Merchant } from './merchants.ts';
import type { Family, Seat, Skill } from './parameters.ts';

/** What an account can spend; minor units. A limit of null is an account without one. */
export interface Purse {
  readonly limit: number | null;
  /** What stands on the account after payday. */
  readonly afterPayday: number;
  /** Spent since, against a balance of zero; negative is money of one's own. */
  owed: number;
}

/** Whose account pays, as far as the payment tells. */
export interface Payer {
  readonly account: string;
  readonly country: string;
  readonly createdAt: number;
  readonly emailHash: string;
  readonly emailDomain: string;
  readonly phoneHash: string;
  readonly guest: boolean;
  readonly purse: Purse;
}

export type Check = 'pass' | 'fail' | 'unavailable' | 'unchecked';

export interface Authentication {
  readonly result: 'authenticated' | 'attempted' | 'failed';
  readonly liabilityShifted: boolean;
}

export interface IssuerAnswer {
  readonly approved: boolean;
  /** ISO 8583 response codes: 05 do not honour, 14 no such card, 43 stolen, 51 no funds, 82 wrong CVC. */
  readonly code: '00' | '05' | '14' | '43' | '51' | '82';
}

/** What really is behind a payment; stands apart from it and is for evaluation only. */
export interface Truth {
  readonly fraud: boolean;
  readonly family: Family | null;
  readonly campaign: string | null;
  readonly skill: Skill | null;
  readonly seat: Seat;
  /** What kind of honest payment this is, or which step of the campaign. */
  readonly story: string;
}

export type Story = Omit<Truth, 'seat'>;

/** What others would answer. The payment's own processor learns each only by asking. */
export interface Backstage {
  readonly issuer: IssuerAnswer;
  /** Whether a challenge would be passed. */
  readonly challengePasses: boolean;
  /** What a reviewer would decide; they err now and then. */
  readonly reviewApproves: boolean;
}

export interface Attempt {
  readonly payer: Payer;
  readonly creditor: string;
  readonly merchant: Merchant | null;
  /** Minor units; 0 for a verification. */
  readonly amount: number;
  readonly channel: 'web' | 'app' | 'pos' | 'recurring' | 'transfer' | 'verification';
  readonly initiator: 'customer' | 'merchant';
  readonly card: Card | null;
  readonly wallet: string | null;
  readonly device: Device | null;
  readonly ip: string | null;
  readonly group: string;
  readonly billingAddress: string | null;
  readonly shippingCountry: string | null;
  readonly shippingAddress: string | null;
  readonly cvc: Check;
  readonly avs: Check;
  readonly authentication: Authentication | null;
  readonly issuer: IssuerAnswer;
  readonly challengePasses: boolean;
  readonly story: Story;
}

/** What a customer or attacker learns of their try. */
export interface Verdict {
  readonly paymentId: string;
  readonly completed: boolean;
  readonly stoppedBy: 'policy' | 'issuer' | 'challenge' | 'reviewer' | null;
}

export type Reaction = (verdict: Verdict, now: number) => void;
