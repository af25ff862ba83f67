/**
 * Splits the content of a payment body into facts and personal part, and puts the two together again.
 *
 * Defaults are set here, after the canonical form was taken: a body that says what the default is and
 * one that says nothing are different bodies.
 */
import type { PaymentFacts, PaymentPersonal, PaymentRequest } from '#src/domain/payment.ts';
import type { PaymentContent } from './bodies/payment-body.ts';
import { present } from './present.ts';

export function paymentRequest(content: PaymentContent): PaymentRequest {
  return { facts: factsOf(content), personal: personalOf(content) };
}

function factsOf(content: PaymentContent): PaymentFacts {
  const { merchant, card, customer, billing, shipping, checks, authentication, references } = content;
  return present({
    id: content.id,
    occurredAt: content.occurredAt,
    amount: content.amount,
    asset: content.asset,
    debtor: content.debtor,
    creditor: content.creditor,
    capture: content.capture ?? 'automatic',
    channel: content.channel,
    initiator: content.initiator,
    group: content.group,
    references: references && present(references),
    bookingDate: content.bookingDate,
    valueDate: content.valueDate,
    merchant: merchant && present(merchant),
    card: card && cardFacts(card),
    customer: customer && customerFacts(customer),
    billing: billing && present({ country: billing.country }),
    shipping: shipping && present({ country: shipping.country }),
    checks: checks && present(checks),
    authentication: authentication && present(authentication),
    scores: content.scores,
  });
}

function cardFacts({ bin, country, brand, funding, wallet }: NonNullable<PaymentContent['card']>) {
  return present({ bin, country, brand, funding, wallet });
}

function customerFacts({ createdAt, emailDomain, guest }: NonNullable<PaymentContent['customer']>) {
  return present({ createdAt, emailDomain, guest });
}

function personalOf(content: PaymentContent): PaymentPersonal {
  const { card, device, customer, billing, shipping } = content;
  return present({
    cardId: card?.id,
    device: device && present(device),
    ip: content.ip,
    emailHash: customer?.emailHash,
    phoneHash: customer?.phoneHash,
    billingAddressHash: billing?.addressHash,
    shippingAddressHash: shipping?.addressHash,
    metadata: content.metadata,
  });
}

/** What a payment says that was stored; an erased personal part leaves its fields out. */
export function storedContent({ facts, personal }: PaymentRequest): StoredContent {
  return {
    ...facts,
    card: merged(facts.card, { id: personal.cardId }),
    device: personal.device,
    ip: personal.ip,
    customer: merged(facts.customer, { emailHash: personal.emailHash, phoneHash: personal.phoneHash }),
    billing: merged(facts.billing, { addressHash: personal.billingAddressHash }),
    shipping: merged(facts.shipping, { addressHash: personal.shippingAddressHash }),
    metadata: personal.metadata,
  };
}

/** The fields of a payment body, any of which may be missing. */
export type StoredContent = { readonly [Name in keyof PaymentContent]?: unknown };

/** Undefined when nothing was sent of either part. */
function merged(facts: object | undefined, personal: object): object | undefined {
  const kept = present(personal);
  return facts === undefined && Object.keys(kept).length === 0 ? undefined : { ...facts, ...kept };
}
