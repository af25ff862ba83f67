/**
 * The body of a payment as it may be sent, and what it becomes: facts and a personal part.
 *
 * Required are `id`, `occurredAt`, `amount`, `asset`, `debtor` and `creditor`. Null is "not sent".
 */
import { z } from 'zod';
import {
  amount,
  bin,
  calendarDate,
  country,
  fingerprint,
  id,
  instant,
  ipAddress,
  maybe,
  merchantCategory,
  metadata,
  oneOf,
  pattern,
  scores,
  text,
  fields,
} from './fields.ts';

/** What a schema needs to know of the running service. */
export interface PaymentBodyRules {
  /** `occurredAt`, read against the service's clock. */
  readonly occurredAt: typeof instant;
  /** ISO 4217 or one that the configuration adds. */
  readonly asset: z.ZodString;
}

/** The longest user agents in the wild are a few hundred characters; longer ones are noise or an attack. */
const USER_AGENT_LENGTH_MAX = 1000;
const WORD_LENGTH_MAX = 64;
const REFERENCE_LENGTH_MAX = 128;
const DOMAIN_LENGTH_MAX = 253;

const cardFields = fields({
  id,
  bin: maybe(bin),
  country: maybe(country),
  brand: maybe(text(WORD_LENGTH_MAX)),
  funding: maybe(oneOf(['credit', 'debit', 'prepaid', 'unknown'])),
  wallet: maybe(text(WORD_LENGTH_MAX)),
});

/** A card may be its id alone. */
const card = z.preprocess((sent) => (typeof sent === 'string' ? { id: sent } : sent), cardFields);

const device = fields({
  id: maybe(id),
  assurance: maybe(oneOf(['hardware', 'client', 'server', 'unknown'])),
  userAgent: maybe(text(USER_AGENT_LENGTH_MAX)),
  timezone: maybe(text(WORD_LENGTH_MAX)),
  language: maybe(text(WORD_LENGTH_MAX)),
  screen: maybe(pattern(/^\d{1,5}x\d{1,5}$/, 'width x height in pixels, such as 1512x982')),
});

const merchant = fields({ id, category: maybe(merchantCategory), country: maybe(country) });

const customer = fields({
  createdAt: maybe(instant),
  emailHash: maybe(fingerprint),
  emailDomain: maybe(text(DOMAIN_LENGTH_MAX)),
  phoneHash: maybe(fingerprint),
  guest: maybe(z.boolean()),
});

const place = fields({ country: maybe(country), addressHash: maybe(fingerprint) });

const checkResult = oneOf(['pass', 'fail', 'unavailable', 'unchecked']);

const authentication = fields({
  result: maybe(oneOf(['authenticated', 'attempted', 'failed', 'rejected', 'unavailable'])),
  liabilityShifted: maybe(z.boolean()),
});

const references = fields({
  order: maybe(text(REFERENCE_LENGTH_MAX)),
  endToEnd: maybe(text(REFERENCE_LENGTH_MAX)),
  provider: maybe(text(REFERENCE_LENGTH_MAX)),
  payout: maybe(text(REFERENCE_LENGTH_MAX)),
});

/** The schema of `POST /v1/payments`. */
export function paymentSchema(rules: PaymentBodyRules) {
  return fields({
    id,
    occurredAt: rules.occurredAt,
    amount,
    asset: rules.asset,
    debtor: id,
    creditor: id,
    capture: maybe(oneOf(['automatic', 'manual'])),
    card: maybe(card),
    device: maybe(device),
    ip: maybe(ipAddress),
    merchant: maybe(merchant),
    customer: maybe(customer),
    billing: maybe(place),
    shipping: maybe(place),
    checks: maybe(fields({ cvc: maybe(checkResult), avs: maybe(checkResult) })),
    authentication: maybe(authentication),
    initiator: maybe(oneOf(['customer', 'merchant'])),
    channel: maybe(oneOf(['web', 'app', 'pos', 'moto', 'recurring', 'transfer', 'verification', 'other'])),
    group: maybe(id),
    references: maybe(references),
    bookingDate: maybe(calendarDate),
    valueDate: maybe(calendarDate),
    scores: maybe(scores),
    metadata: maybe(metadata),
  });
}

/** What `paymentSchema` reads: instants in milliseconds, the address canonical, the card an object. */
export type PaymentContent = z.output<ReturnType<typeof paymentSchema>>;
