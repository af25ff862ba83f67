/**
 * Splits the content of a payment body into facts and personal part, and puts the two together again.
 *
 * Defaults are set here, after the canonical form was taken: a body that says what the default is and
 * one that says nothing are different bodies. Fields are set one by one, because this runs for each
 * payment and a generic copy costs more than the ledger's decision.
 */
import type { DeviceDetails, PaymentFacts, PaymentPersonal, PaymentRequest } from '#src/domain/payment.ts';
import type { PaymentContent } from './bodies/payment-body.ts';
import { formatInstant, instantMs } from './instant.ts';
import { present } from './present.ts';

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };
type Content<Name extends keyof PaymentContent> = NonNullable<PaymentContent[Name]>;

export function paymentRequest(content: PaymentContent): PaymentRequest {
  return { facts: factsOf(content), personal: personalOf(content) };
}

function factsOf(content: PaymentContent): PaymentFacts {
  const facts: Mutable<PaymentFacts> = {
    id: content.id,
    occurredAt: instantMs(content.occurredAt),
    amount: content.amount,
    asset: content.asset,
    debtor: content.debtor,
    creditor: content.creditor,
    capture: content.capture ?? 'automatic',
  };
  addContext(facts, content);
  addParties(facts, content);
  if (content.checks) facts.checks = withoutAbsent(content.checks);
  if (content.authentication) facts.authentication = withoutAbsent(content.authentication);
  if (content.scores) facts.scores = content.scores;
  return facts;
}

function addContext(facts: Mutable<PaymentFacts>, content: PaymentContent): void {
  if (content.channel) facts.channel = content.channel;
  if (content.initiator) facts.initiator = content.initiator;
  if (content.group) facts.group = content.group;
  if (content.references) facts.references = withoutAbsent(content.references);
  if (content.bookingDate) facts.bookingDate = content.bookingDate;
  if (content.valueDate) facts.valueDate = content.valueDate;
}

function addParties(facts: Mutable<PaymentFacts>, content: PaymentContent): void {
  if (content.merchant) facts.merchant = withoutAbsent(content.merchant);
  if (content.card) facts.card = cardFacts(content.card);
  if (content.customer) facts.customer = customerFacts(content.customer);
  if (content.billing) facts.billing = placeFacts(content.billing);
  if (content.shipping) facts.shipping = placeFacts(content.shipping);
}

function cardFacts(card: Content<'card'>): NonNullable<PaymentFacts['card']> {
  const facts: Mutable<NonNullable<PaymentFacts['card']>> = {};
  if (card.bin) facts.bin = card.bin;
  if (card.country) facts.country = card.country;
  if (card.brand) facts.brand = card.brand;
  if (card.funding) facts.funding = card.funding;
  if (card.wallet) facts.wallet = card.wallet;
  return facts;
}

function customerFacts(customer: Content<'customer'>): NonNullable<PaymentFacts['customer']> {
  const facts: Mutable<NonNullable<PaymentFacts['customer']>> = {};
  if (customer.createdAt) facts.createdAt = instantMs(customer.createdAt);
  if (customer.emailDomain) facts.emailDomain = customer.emailDomain;
  if (typeof customer.guest === 'boolean') facts.guest = customer.guest;
  return facts;
}

function placeFacts({ country }: Content<'billing'>): NonNullable<PaymentFacts['billing']> {
  return country ? { country } : {};
}

function personalOf(content: PaymentContent): PaymentPersonal {
  const { card, device, customer, billing, shipping } = content;
  const personal: Mutable<PaymentPersonal> = {};
  if (card) personal.cardId = card.id;
  if (device) personal.device = deviceDetails(device);
  if (content.ip) personal.ip = content.ip;
  if (customer?.emailHash) personal.emailHash = customer.emailHash;
  if (customer?.phoneHash) personal.phoneHash = customer.phoneHash;
  if (billing?.addressHash) personal.billingAddressHash = billing.addressHash;
  if (shipping?.addressHash) personal.shippingAddressHash = shipping.addressHash;
  if (content.metadata) personal.metadata = content.metadata;
  return personal;
}

function deviceDetails(device: Content<'device'>): DeviceDetails {
  return withoutAbsent(device);
}

/** The object itself, unless a field of it was not sent. */
function withoutAbsent<Fields extends object>(fields: Fields): ReturnType<typeof present<Fields>> {
  for (const value of Object.values(fields))
    if (value === null || value === undefined) return present(fields);
  return fields;
}

/** What a payment says that was stored; an erased personal part leaves its fields out. */
export function storedContent({ facts, personal }: PaymentRequest): StoredContent {
  const { createdAt, ...customer } = facts.customer ?? {};
  const since = createdAt === undefined ? {} : { createdAt: formatInstant(createdAt) };
  const { emailHash, phoneHash } = personal;
  return {
    ...facts,
    occurredAt: formatInstant(facts.occurredAt),
    card: merged(facts.card, { id: personal.cardId }),
    device: personal.device,
    ip: personal.ip,
    customer: merged(facts.customer && { ...customer, ...since }, { emailHash, phoneHash }),
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
