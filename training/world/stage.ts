/**
 * Owns what an actor may do to the world: set an alarm, try to pay, be seen by the account's
 * provider. Everything else about the world is read-only for actors.
 */
import type { Attempt, Payer, Reaction } from './attempt.ts';
import type { Calendar } from './calendar.ts';
import type { Customer } from './customers.ts';
import type { Device } from './devices.ts';
import type { Mint } from './mint.ts';
import type { Market, Merchant } from './merchants.ts';
import type { WorldParameters } from './parameters.ts';
import type { Action } from './schedule.ts';
import type { SignalItem } from './world-item.ts';

export interface Sighting {
  readonly type: SignalItem['body']['type'];
  readonly account: string;
  readonly device: Device | null;
  readonly ip: string | null;
}

export interface Move {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly reason: string;
}

export interface Reversal {
  readonly paymentId: string;
  readonly amount: number;
  readonly kind: 'refund' | 'chargeback';
}

/** The account behind salaries and everything else that comes from outside the world. */
export const ELSEWHERE = 'world:elsewhere';

export interface Stage {
  readonly seed: number;
  readonly parameters: WorldParameters;
  readonly mint: Mint;
  readonly market: Market;
  readonly calendar: Calendar;
  readonly startsAt: number;
  readonly endsAt: number;
  /** Everybody who can be a victim. */
  readonly customers: readonly Customer[];
  /** Makes a customer of today from `key`, a draw of the caller's; they do nothing until told to. */
  readonly makeNewcomer: (now: number, key: number) => Customer;
  /** Lets somebody live like anybody: shop, subscribe, be paid. */
  readonly live: (customer: Customer, now: number) => void;
  readonly openShop: (merchant: Merchant, now: number) => void;
  readonly at: (time: number, action: Action) => void;
  /** Opens the account of somebody who joins the world. */
  readonly openAccount: (payer: Payer, now: number) => void;
  /** Money that moves without being asked: salaries, repayments, what comes from elsewhere. */
  readonly transfer: (move: Move, now: number) => void;
  /** Gives money back for a payment that went through. */
  readonly reverse: (reversal: Reversal, at: number) => void;
  /** Tries to pay now; the reaction comes once somebody has decided. */
  readonly pay: (attempt: Attempt, now: number, reaction?: Reaction) => void;
  readonly signal: (sighting: Sighting, now: number) => void;
}

/** Nobody reacts faster than this, so payments within such a span cannot influence each other. */
export const FASTEST_REACTION_MS = 2_000;
