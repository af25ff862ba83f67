/** Payment bodies for tests: one that has every field, and arbitrary ones that are valid. */
import fc from 'fast-check';

export type JsonObject = Record<string, unknown>;

/** Every field of the contract. */
export function fullPaymentBody(): JsonObject {
  return {
    id: 'pay_8Q2',
    occurredAt: '2026-11-24T10:15:30.250Z',
    amount: 12950,
    asset: 'EUR',
    debtor: 'customer:42',
    creditor: 'merchant:7',
    capture: 'automatic',
    card: { id: 'c_9f2', bin: '424242', country: 'DE', brand: 'visa', funding: 'credit', wallet: null },
    device: {
      id: 'd_77',
      assurance: 'client',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
      timezone: 'Europe/Berlin',
      language: 'de-DE',
      screen: '1512x982',
    },
    ip: '203.0.113.7',
    merchant: { id: 'm_7', category: '5732', country: 'DE' },
    customer: {
      createdAt: '2024-03-01T00:00:00Z',
      emailHash: '9f86d081',
      emailDomain: 'example.com',
      phoneHash: '60303ae2',
      guest: false,
    },
    billing: { country: 'DE', addressHash: 'fd61a03a' },
    shipping: { country: 'DE', addressHash: 'fd61a03a' },
    checks: { cvc: 'pass', avs: 'pass' },
    authentication: { result: 'authenticated', liabilityShifted: true },
    initiator: 'customer',
    channel: 'web',
    group: 'order_1009',
    references: { order: 'A-1009', endToEnd: 'E2E-1', provider: 'pi_1', payout: 'po_1' },
    bookingDate: '2026-11-24',
    valueDate: '2026-11-25',
    scores: { provider: 0.12 },
    metadata: { note: 'first "order"', née: '✓' },
  };
}

const ids = fc.stringMatching(/^[A-Za-z][A-Za-z_.:-]{0,20}$/);
const words = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((text) => !/[\p{Cc}\d]/u.test(text) && !['__proto__', 'constructor', 'prototype'].includes(text));
/** Whole numbers as names come out of an object in an order of their own. */
const names = fc.oneof(words, fc.stringMatching(/^[0-9]{1,3}$/));
const countries = fc.stringMatching(/^[A-Z]{2}$/);
const instants = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2026-11-24'), noInvalidDate: true })
  .map((date) => date.toISOString());
const absent = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

/** Valid bodies with any of the optional fields, some of them null. */
export const paymentBodies: fc.Arbitrary<JsonObject> = fc.record(
  {
    id: ids,
    occurredAt: instants,
    amount: fc.oneof(
      fc.integer({ min: 1, max: 1e9 }),
      fc.maxSafeInteger().filter((amount) => amount > 0),
    ),
    asset: fc.constantFrom('EUR', 'USD', 'JPY'),
    debtor: ids.map((id) => `debtor:${id}`),
    creditor: ids.map((id) => `creditor:${id}`),
    capture: absent(fc.constantFrom('automatic', 'manual')),
    card: absent(
      fc.oneof(
        ids,
        fc.record({ id: ids, country: absent(countries), brand: absent(words) }, { requiredKeys: ['id'] }),
      ),
    ),
    device: absent(fc.record({ id: ids, userAgent: absent(words), timezone: words }, { requiredKeys: [] })),
    ip: absent(fc.oneof(fc.ipV4(), fc.ipV6())),
    customer: absent(
      fc.record({ createdAt: instants, emailHash: words, guest: fc.boolean() }, { requiredKeys: [] }),
    ),
    billing: absent(fc.record({ country: countries, addressHash: words }, { requiredKeys: [] })),
    references: absent(fc.record({ order: words, payout: words }, { requiredKeys: [] })),
    scores: absent(fc.dictionary(names, fc.double({ min: 0, max: 1, noNaN: true }), { maxKeys: 3 })),
    metadata: absent(fc.dictionary(names, fc.oneof(words, fc.constant('')), { maxKeys: 5 })),
  },
  { requiredKeys: ['id', 'occurredAt', 'amount', 'asset', 'debtor', 'creditor'] },
);
