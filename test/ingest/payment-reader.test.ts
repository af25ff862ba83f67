import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePersonalContent } from '#src/domain/encoding/row-codec.ts';
import type { ReadPayment } from '#src/ingest/payment-reader.ts';
import { paymentReader } from '#src/ingest/payment-reader.ts';
import { fullPaymentBody, paymentBodies } from '#test/support/payment-bodies.ts';
import type { JsonObject } from '#test/support/payment-bodies.ts';
import { readerDeps } from '#test/support/reader-deps.ts';

const reader = paymentReader(readerDeps());

function read(body: unknown): ReadPayment {
  const result = reader.read(body);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.content;
}

function problems(body: unknown): Record<string, string> {
  const result = reader.read(body);
  return result.ok ? {} : Object.fromEntries(result.problems.map(({ path, message }) => [path, message]));
}

function changed(fields: JsonObject): JsonObject {
  return { ...fullPaymentBody(), ...fields };
}

const minimal = {
  id: 'pay_1',
  occurredAt: '2026-11-24T10:15:30Z',
  amount: 1,
  asset: 'EUR',
  debtor: 'a',
  creditor: 'b',
};

describe('a payment body', () => {
  it('with every field becomes facts and a personal part', () => {
    const { command } = read(fullPaymentBody());
    expect(command.facts).toMatchObject({
      id: 'pay_8Q2',
      occurredAt: Date.parse('2026-11-24T10:15:30.250Z'),
      amount: 12950,
      capture: 'automatic',
      card: { bin: '424242', country: 'DE', brand: 'visa', funding: 'credit' },
      customer: { createdAt: Date.parse('2024-03-01T00:00:00Z'), emailDomain: 'example.com', guest: false },
      billing: { country: 'DE' },
    });
    const personal = command.personal && decodePersonalContent(command.personal).payment;
    expect(personal).toMatchObject({ cardId: 'c_9f2', ip: '203.0.113.7', emailHash: '9f86d081' });
    expect(JSON.stringify(command.facts)).not.toMatch(/c_9f2|203\.0\.113|d_77|9f86d081|Mozilla|✓/);
  });

  it('with only what is required is read, capture being automatic', () => {
    const { command, canonical } = read(minimal);
    expect(command.facts.capture).toBe('automatic');
    expect(command.personal).toBeUndefined();
    expect(canonical).toBe(
      '{"amount":1,"asset":"EUR","creditor":"b","debtor":"a","id":"pay_1","occurredAt":"2026-11-24T10:15:30.000Z"}',
    );
  });

  it('may name its card by the id alone', () => {
    expect(read({ ...minimal, card: 'c_1' }).canonical).toBe(
      read({ ...minimal, card: { id: 'c_1' } }).canonical,
    );
  });

  it.each([
    ['12950', 12950],
    [1e3, 1000],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('may have the amount %s', (amount, expected) =>
    expect(read(changed({ amount })).command.facts.amount).toBe(expected),
  );

  it.each([
    0,
    '0',
    -1,
    1.5,
    '1.5',
    '+1',
    '-1',
    '1e3',
    '',
    2 ** 53,
    '9007199254740992',
    '9007199254740993',
    true,
    {},
  ])('may not have the amount %s', (amount) =>
    expect(Object.keys(problems(changed({ amount })))).toEqual(['amount']),
  );

  it('may have amount 0 only for a verification', () => {
    expect(problems(changed({ amount: 0, channel: 'verification' }))).toEqual({});
  });

  it.each([
    ['id', 'a b'],
    ['id', ''],
    ['id', 'x'.repeat(129)],
    ['asset', 'XAU'],
    ['occurredAt', '2026-11-24T10:15:30'],
    ['occurredAt', '2026-11-24T10:21:00.001Z'],
    ['creditor', 'customer:42'],
    ['ip', '203.0.113.256'],
    ['card.bin', { id: 'c', bin: '12' }],
    ['merchant.country', { id: 'm', country: 'de' }],
    ['customer.emailHash', { emailHash: 'a\u0000b' }],
    ['scores.provider', { provider: 1.01 }],
    ['metadata.k', { k: 'x'.repeat(501) }],
    ['metadata', Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, '']))],
    ['channel', 'carrier pigeon'],
    ['device', 'd_1'],
  ])('with a bad %s is told the path', (path, value) => {
    const field = path.split('.')[0] ?? path;
    expect(Object.keys(problems(changed({ [field]: value })))).toEqual([path]);
  });

  it('may occur five minutes ahead of the clock and no later', () => {
    expect(problems(changed({ occurredAt: '2026-11-24T10:21:00.000Z' }))).toEqual({});
  });

  it('has all of its problems listed at once', () => {
    const found = problems({
      amount: 0,
      asset: 'nope',
      debtor: 'a',
      creditor: 'a',
      ammount: 1,
      card: { idd: 'c' },
    });
    expect(Object.keys(found).toSorted()).toEqual([
      'ammount',
      'amount',
      'asset',
      'card.id',
      'card.idd',
      'creditor',
      'id',
      'occurredAt',
    ]);
    expect(found['ammount']).toContain('did you mean "amount"');
    expect(found['card.idd']).toContain('did you mean "id"');
    expect(found['id']).toBe('is required');
  });

  it.each(['__proto__', 'constructor', 'prototype'])('with the field %s is refused', (name) => {
    const at = (inside: string) => `{"id":"p",${inside}}`;
    for (const text of [
      at(`"${name}":1`),
      at(`"metadata":{"${name}":"x"}`),
      at(`"scores":{"${name}":0.1}`),
    ]) {
      const found = problems({ ...fullPaymentBody(), ...bodyOf(text) });
      expect(Object.keys(found).join()).toContain(name);
    }
  });

  it.each([null, [], 'text', 1])('that is not an object is refused: %s', (body) => {
    expect(Object.keys(problems(body))).toEqual(['']);
  });
});

/** Parsed JSON with `__proto__` kept as an own name, which spreading would lose. */
function bodyOf(text: string): JsonObject {
  const parsed: JsonObject = JSON.parse(text) as JsonObject;
  const body = { ...parsed };
  if (Object.hasOwn(parsed, '__proto__'))
    Object.defineProperty(body, '__proto__', { value: 1, enumerable: true });
  return body;
}

describe('a card number', () => {
  const number = '4242424242424242';

  it.each([
    { id: number },
    { debtor: `card:${number}` },
    { card: number },
    { card: { id: number } },
    { references: { order: number } },
    { device: { id: 'd', userAgent: `agent 4242 4242 4242 4242` } },
    { scores: { [number]: 0.5 } },
    { metadata: { [number]: 'x' } },
    { [number]: 1 },
  ])('in a field of ours is refused and not repeated: %j', (fields) => {
    const result = reader.read(changed(fields));
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toMatch(/4242 ?4242 ?4242/);
  });

  it('in metadata is masked', () => {
    const { command, canonical } = read(changed({ metadata: { note: `paid with ${number}` } }));
    expect(canonical).toContain('paid with [card number ending 4242]');
    const personal = command.personal && decodePersonalContent(command.personal);
    expect(personal?.payment?.metadata).toEqual({ note: 'paid with [card number ending 4242]' });
  });
});

describe('the canonical form', () => {
  it('is what RFC 8785 makes of the content', () => {
    fc.assert(
      fc.property(paymentBodies, (body) => {
        const { canonical } = read(body);
        const content: unknown = JSON.parse(canonical);
        expect(canonical).toBe(sortedJson(content));
        expect(read(content).canonical).toBe(canonical);
      }),
    );
  });

  it('is the same for any order of names, white space, zone, null and digits in a string', () => {
    fc.assert(
      fc.property(paymentBodies, fc.infiniteStream(fc.nat()), (body, randoms) => {
        const rewritten = rewrite(body, randoms);
        const text = JSON.stringify(rewritten, null, 3);
        expect(read(JSON.parse(text)).canonical).toBe(read(body).canonical);
        expect(read(JSON.parse(text)).command.bodyDigest).toEqual(read(body).command.bodyDigest);
      }),
    );
  });

  it('differs when a field does', () => {
    const digest = (body: unknown) => Buffer.from(read(body).command.bodyDigest).toString('hex');
    expect(digest(changed({ amount: 12951 }))).not.toBe(digest(fullPaymentBody()));
    expect(digest({ ...minimal, capture: 'automatic' })).not.toBe(digest(minimal));
  });
});

/** RFC 8785, naively: the reference that the fast writer is held against. */
function sortedJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${sortedJson(inner)}`).join(',')}}`;
}

/** The same body written differently: names shuffled, nulls dropped, another zone, the amount as text. */
function rewrite(body: JsonObject, randoms: fc.Stream<number>): JsonObject {
  const entries = Object.entries(body).filter(([, value]) => value !== null);
  const keyed = entries.map((entry) => ({ entry, order: Number(randoms.next().value) }));
  const shuffled = keyed.toSorted((left, right) => left.order - right.order).map(({ entry }) => entry);
  const rewritten = Object.fromEntries(shuffled);
  rewritten['amount'] = String(rewritten['amount']);
  rewritten['occurredAt'] = inZone(String(rewritten['occurredAt']));
  return rewritten;
}

function inZone(instant: string): string {
  const shifted = new Date(Date.parse(instant) + 7_200_000).toISOString();
  return shifted.replace('Z', '+02:00');
}
