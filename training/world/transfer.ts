/**
 * Owns payments from person to person: no card, no shop, only an account that pays another. The bank
 * or wallet that holds the payer's account is the issuer, so nobody else has a say.
 */
import type { Attempt, Payer, Story } from './attempt.ts';
import type { Device } from './devices.ts';
import type { Random } from './random.ts';

export interface PersonTransfer {
  readonly payer: Payer;
  readonly payeeAccount: string;
  readonly amount: number;
  readonly device: Device | null;
  readonly ip: string | null;
  readonly group: string;
  readonly passesChallenge: number;
  readonly story: Story;
}

export function transferOf(transfer: PersonTransfer, random: Random): Attempt {
  const { payeeAccount, passesChallenge, ...rest } = transfer;
  return {
    ...rest,
    creditor: payeeAccount,
    merchant: null,
    channel: 'transfer',
    initiator: 'customer',
    card: null,
    wallet: null,
    billingAddress: null,
    shippingCountry: null,
    shippingAddress: null,
    cvc: 'unchecked',
    avs: 'unchecked',
    authentication: null,
    issuer: { approved: true, code: '00' },
    challengePasses: random.chance(passesChallenge),
  };
}
