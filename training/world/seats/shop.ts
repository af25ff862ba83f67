/**
 * The seat of one shop behind a payment provider: always the same merchant, many cards, mostly
 * guests. It knows cards as the provider tokenises them, the browser, the order and addresses; it has
 * no accounts of its own, so each card is one.
 */
import type { Attempt } from '#training/world/attempt.ts';
import { ASSET } from '#training/world/outbox.ts';
import { userAgentAt } from '#training/world/user-agents.ts';
import type { PaymentBody } from '#training/world/world-item.ts';
import type { Occurrence } from './occurrence.ts';

export function renderForShop(attempt: Attempt, { id, occurredAt }: Occurrence): PaymentBody {
  const { card, device, merchant, payer } = attempt;
  return {
    id,
    occurredAt: new Date(occurredAt).toISOString(),
    amount: attempt.amount,
    asset: ASSET,
    debtor: card ? `card:${card.id}` : payer.account,
    creditor: attempt.creditor,
    capture: 'automatic',
    ...(card && {
      card: {
        id: card.id,
        bin: card.bin,
        country: card.country,
        brand: card.brand,
        funding: card.funding,
        ...(attempt.wallet && { wallet: attempt.wallet }),
      },
    }),
    ...(device && {
      device: {
        id: device.id,
        assurance: device.assurance === 'hardware' ? 'client' : device.assurance,
        userAgent: userAgentAt(device.platform, device.lag, occurredAt),
        timezone: device.timezone,
        language: device.language,
        screen: device.screen,
      },
    }),
    ...(attempt.ip && { ip: attempt.ip }),
    ...(merchant && {
      merchant: { id: merchant.id, category: merchant.category.code, country: merchant.country },
    }),
    customer: {
      ...(!payer.guest && { createdAt: new Date(payer.createdAt).toISOString() }),
      emailHash: payer.emailHash,
      emailDomain: payer.emailDomain,
      guest: payer.guest,
    },
    ...(attempt.billingAddress && {
      billing: { country: payer.country, addressHash: attempt.billingAddress },
    }),
    ...(attempt.shippingCountry &&
      attempt.shippingAddress && {
        shipping: { country: attempt.shippingCountry, addressHash: attempt.shippingAddress },
      }),
    ...((attempt.cvc !== 'unchecked' || attempt.avs !== 'unchecked') && {
      checks: { cvc: attempt.cvc, avs: attempt.avs },
    }),
    ...(attempt.authentication && { authentication: attempt.authentication }),
    initiator: attempt.initiator,
    channel: attempt.channel === 'pos' ? 'web' : attempt.channel,
    group: attempt.group,
  };
}
