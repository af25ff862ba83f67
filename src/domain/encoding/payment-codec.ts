/** How a payment's facts and its personal part are written. */
import type { DeviceDetails, PaymentFacts, PaymentPersonal, PaymentReferences } from '#src/domain/payment.ts';
import { flag, float64, oneOf, optional, record, struct, text, uint } from './codec.ts';

const checkResult = oneOf(['pass', 'fail', 'unavailable', 'unchecked']);

const references = struct<PaymentReferences>({
  order: optional(text),
  endToEnd: optional(text),
  provider: optional(text),
  payout: optional(text),
});

const merchant = struct<NonNullable<PaymentFacts['merchant']>>({
  id: text,
  category: optional(text),
  country: optional(text),
});

const card = struct<NonNullable<PaymentFacts['card']>>({
  bin: optional(text),
  country: optional(text),
  brand: optional(text),
  funding: optional(oneOf(['credit', 'debit', 'prepaid', 'unknown'])),
  wallet: optional(text),
});

const customer = struct<NonNullable<PaymentFacts['customer']>>({
  createdAt: optional(uint),
  emailDomain: optional(text),
  guest: optional(flag),
});

const address = struct<NonNullable<PaymentFacts['billing']>>({ country: optional(text) });

const authentication = struct<NonNullable<PaymentFacts['authentication']>>({
  result: optional(oneOf(['authenticated', 'attempted', 'failed', 'rejected', 'unavailable'])),
  liabilityShifted: optional(flag),
});

export const paymentFacts = struct<PaymentFacts>({
  id: text,
  occurredAt: uint,
  amount: uint,
  asset: text,
  debtor: text,
  creditor: text,
  capture: oneOf(['automatic', 'manual']),
  channel: optional(oneOf(['web', 'app', 'pos', 'moto', 'recurring', 'transfer', 'verification', 'other'])),
  initiator: optional(oneOf(['customer', 'merchant'])),
  group: optional(text),
  references: optional(references),
  bookingDate: optional(text),
  valueDate: optional(text),
  merchant: optional(merchant),
  card: optional(card),
  customer: optional(customer),
  billing: optional(address),
  shipping: optional(address),
  checks: optional(
    struct<NonNullable<PaymentFacts['checks']>>({ cvc: optional(checkResult), avs: optional(checkResult) }),
  ),
  authentication: optional(authentication),
  scores: optional(record(float64)),
});

const device = struct<DeviceDetails>({
  id: optional(text),
  assurance: optional(oneOf(['hardware', 'client', 'server', 'unknown'])),
  userAgent: optional(text),
  timezone: optional(text),
  language: optional(text),
  screen: optional(text),
});

export const paymentPersonal = struct<PaymentPersonal>({
  cardId: optional(text),
  device: optional(device),
  ip: optional(text),
  emailHash: optional(text),
  phoneHash: optional(text),
  billingAddressHash: optional(text),
  shippingAddressHash: optional(text),
  metadata: optional(record(text)),
});
