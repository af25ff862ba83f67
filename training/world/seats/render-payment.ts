/** Owns the choice of what is seen: the same attempt as each seat would know it. */
import type { Attempt } from '#training/world/attempt.ts';
import type { Seat } from '#training/world/parameters.ts';
import type { PaymentBody } from '#training/world/world-item.ts';
import { renderForBank } from './bank.ts';
import type { Occurrence } from './occurrence.ts';
import { renderForShop } from './shop.ts';
import { renderForWallet } from './wallet.ts';

const RENDERERS: Readonly<Record<Seat, (attempt: Attempt, occurrence: Occurrence) => PaymentBody>> = {
  wallet: renderForWallet,
  shop: renderForShop,
  bank: renderForBank,
};

export function renderPayment(seat: Seat, attempt: Attempt, occurrence: Occurrence): PaymentBody {
  return RENDERERS[seat](attempt, occurrence);
}

/** The account that is debited, which in a shop is the card's. */
export function accountOf(seat: Seat, { card, payer }: Pick<Attempt, 'card' | 'payer'>): string {
  return seat === 'shop' && card !== null ? `card:${card.id}` : payer.account;
}
