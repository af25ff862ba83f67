import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fullPaymentBody } from '#test/support/payment-bodies.ts';
import { httpHarness } from '#test/support/http-harness.ts';
import type { HttpHarness } from '#test/support/http-harness.ts';

let http: HttpHarness;
beforeAll(async () => {
  http = await httpHarness();
});
afterAll(() => http.close());

const payment = (id: string, fields: object = {}) => ({ ...fullPaymentBody(), id, ...fields });

/** Amounts ending in 9 are denied, in 8 reviewed, in 7 challenged. */
const pay = (id: string, fields: object = {}) =>
  http.send('POST', '/v1/payments', { body: payment(id, fields) });

describe('POST /v1/payments', () => {
  it('answers 201 with what was sent and where the payment stands', async () => {
    const { status, body, headers } = await pay('pay_1');
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: 'pay_1',
      amount: 12950,
      occurredAt: '2026-11-24T10:15:30.250Z',
      card: { id: 'c_9f2', bin: '424242' },
      status: 'posted',
      awaiting: null,
      capturedAmount: 12950,
      reversedAmount: 0,
      decision: {
        number: 1,
        outcome: 'approve',
        wouldBe: null,
        policy: 'test',
        model: 'amounts@1',
        degraded: [],
      },
      expiresAt: null,
    });
    expect(headers.get('vouch-position')).toMatch(/^\d+$/);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('says until when a payment is held, and for what', async () => {
    const { body } = await pay('pay_held', { amount: 18 });
    expect(body).toMatchObject({
      status: 'pending',
      awaiting: { for: 'review' },
      decision: { outcome: 'review' },
    });
    expect(body['expiresAt']).toBe((body['awaiting'] as { until: string }).until);
  });

  it('answers 201 for a payment that is denied, with its reasons', async () => {
    const { status, body } = await pay('pay_denied', { amount: 19 });
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'denied', decision: { outcome: 'deny' } });
    expect((body['decision'] as { reasons: unknown[] }).reasons.length).toBeGreaterThan(0);
  });

  it('answers 201 for a payment that the ledger turns down, with the reason', async () => {
    await http.send('POST', '/v1/accounts', { body: { id: 'poor', asset: 'EUR' } });
    const { status, body } = await pay('pay_poor', { debtor: 'poor' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'rejected', reason: 'insufficient_funds', decision: null });
  });

  it('answers the same again with 200, the original decision and the payment as it now stands', async () => {
    await pay('pay_twice', { amount: 10, capture: 'manual' });
    await http.send('POST', '/v1/payments/pay_twice/void', { body: {} });
    const again = await pay('pay_twice', {
      capture: 'manual',
      amount: '10',
      occurredAt: '2026-11-24T11:15:30.25+01:00',
    });
    expect(again.status).toBe(200);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toMatchObject({ id: 'pay_twice', status: 'voided', decision: { number: 1 } });
  });

  it('answers every one of many at once with the same payment', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay('pay_burst')));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
  });

  it('answers another body with the same id with 409 and the paths that differ, not their values', async () => {
    await pay('pay_conflict');
    const { status, body, text } = await pay('pay_conflict', {
      amount: 77,
      card: { id: 'another' },
      metadata: { secret: 's' },
    });
    expect(status).toBe(409);
    expect(body).toMatchObject({ type: '/problems/id-taken', code: 'id_taken' });
    const paths = (body['errors'] as { path: string }[]).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['amount', 'card.id', 'card.bin', 'metadata.secret']));
    expect(paths).not.toContain('capture');
    expect(text).not.toContain('c_9f2');
  });

  it('answers 422 with every problem by path, and the id stays free', async () => {
    const { status, body } = await pay('pay_bad', { amount: -1, devise: 'x', ip: 'nowhere' });
    expect(status).toBe(422);
    expect(body).toMatchObject({ type: '/problems/invalid', status: 422 });
    const errors = body['errors'] as { path: string; message: string }[];
    expect(errors.map(({ path }) => path).toSorted()).toEqual(['amount', 'devise', 'ip']);
    expect(errors.find(({ path }) => path === 'devise')?.message).toContain('device');
    expect((await pay('pay_bad')).status).toBe(201);
  });

  it.each([
    ['', 400],
    ['{', 400],
    ['[]', 400],
    ['"text"', 400],
    ['null', 400],
    [`{"id":"${'x'.repeat(70_000)}"}`, 413],
    [`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, 422],
  ])('answers a body of %.20s with its status', async (body, status) => {
    const answer = await http.send('POST', '/v1/payments', { body });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it('answers bytes that are not UTF-8 with 400', async () => {
    const response = await fetch(`${http.url}/v1/payments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${http.token}`, 'content-type': 'application/json' },
      body: new Uint8Array([0x7b, 0xff, 0x7d]),
    });
    expect(response.status).toBe(400);
  });

  it('answers another content type with 415', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await http.send('POST', '/v1/payments', { body: 'a=b', headers })).status).toBe(415);
    const charset = { 'content-type': 'application/json; charset=utf-8' };
    expect(
      (await http.send('POST', '/v1/payments', { body: payment('pay_cs'), headers: charset })).status,
    ).toBe(201);
  });

  it('answers 202 once it is durable where that is preferred', async () => {
    const headers = { prefer: 'respond-async' };
    const {
      status,
      body,
      headers: answered,
    } = await http.send('POST', '/v1/payments', {
      body: payment('pay_async'),
      headers,
    });
    expect(status).toBe(202);
    expect(answered.get('preference-applied')).toBe('respond-async');
    expect(body).toMatchObject({ id: 'pay_async' });
  });

  it('answers within the time that the client waits, with the word for late decisions', async () => {
    http.service.hold();
    const { status, body, headers } = await http.send('POST', '/v1/payments', {
      body: payment('pay_late'),
      headers: { prefer: 'wait=0' },
    });
    http.service.release();
    expect(status).toBe(202);
    expect(body).toMatchObject({
      id: 'pay_late',
      status: 'pending',
      awaiting: { for: 'decision' },
      late: { outcome: 'review' },
    });
    expect(headers.get('location')).toBe('/v1/payments/pay_late');
  });

  it.each(['overloaded', 'outcome_unknown', 'stopping'] as const)(
    'answers 503 with Retry-After when the ledger is %s',
    async (cause) => {
      http.service.unavailable = cause;
      const { status, body, headers } = await pay('pay_unavailable');
      http.service.unavailable = undefined;
      expect(status).toBe(503);
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
      expect(body['type']).toBe(`/problems/${cause.replace('_', '-')}`);
    },
  );
});

describe('what can be done with a payment', () => {
  it('captures in parts, then reverses', async () => {
    await pay('pay_parts', { amount: 100, capture: 'manual' });
    const first = await http.send('POST', '/v1/payments/pay_parts/capture', {
      body: { id: 'c1', amount: 40, final: false },
    });
    expect(first.body).toMatchObject({ status: 'pending', capturedAmount: 40 });
    const last = await http.send('POST', '/v1/payments/pay_parts/capture', {
      body: { id: 'c2', final: true },
    });
    expect(last.body).toMatchObject({ status: 'posted', capturedAmount: 100 });
    const reversed = await http.send('POST', '/v1/payments/pay_parts/reverse', {
      body: { id: 'r1', amount: 30 },
    });
    expect(reversed.body).toMatchObject({ reversedAmount: 30 });
    const voided = await http.send('POST', '/v1/payments/pay_parts/void');
    expect(voided.status).toBe(409);
    expect(voided.body).toMatchObject({ type: '/problems/conflict', code: 'not_voidable' });
  });

  it('takes the word of a reviewer, who is the token', async () => {
    await pay('pay_review', { amount: 28 });
    const token = http.tokenWith('reviews:write');
    const path = '/v1/reviews/pay_review/decision';
    const decided = await http.send('POST', path, { body: { outcome: 'approve', reason: 'known' }, token });
    expect(decided.status).toBe(200);
    const last = http.service.envelopes.at(-1);
    expect(last).toMatchObject({ actor: 'token:reviews:write', command: { type: 'DecideReview' } });
  });

  it('answers 404 for one that is not known', async () => {
    for (const word of ['capture', 'void', 'authorization', 'challenge']) {
      const body =
        word === 'authorization' ? { result: 'declined' } : word === 'challenge' ? { result: 'passed' } : {};
      const { status } = await http.send('POST', `/v1/payments/nobody/${word}`, { body });
      expect(status, word).toBe(404);
    }
    expect((await http.send('GET', '/v1/payments/nobody')).status).toBe(404);
  });

  it('shows it with its decisions, vector, labels and history', async () => {
    await pay('pay_shown');
    const { status, body } = await http.send('GET', '/v1/payments/pay_shown');
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 'pay_shown', vector: { amount: 12950 }, labels: [], history: [] });
    expect(body['decisions']).toHaveLength(1);
    expect(body['receivedAt']).toBe('2026-11-24T10:16:00.000Z');
  });

  it('finds it by what is searched for, page by page', async () => {
    for (const id of ['pay_s1', 'pay_s2', 'pay_s3']) await pay(id, { debtor: 'customer:search' });
    const first = await http.send('GET', '/v1/payments?account=customer:search&limit=2');
    const ids = (page: typeof first) => (page.body['payments'] as { id: string }[]).map(({ id }) => id);
    expect(ids(first)).toEqual(['pay_s3', 'pay_s2']);
    const second = await http.send(
      'GET',
      `/v1/payments?account=customer:search&limit=2&after=${String(first.body['next'])}`,
    );
    expect(ids(second)).toEqual(['pay_s1']);
    expect(second.body['next']).toBeNull();
  });

  it.each([
    'limit=0',
    'limit=1001',
    'limit=x',
    'from=yesterday',
    'acount=x',
    'limit=1&limit=2',
    'account=',
    'after=x',
  ])('answers a search by %s with 422', async (query) =>
    expect((await http.send('GET', `/v1/payments?${query}`)).status).toBe(422),
  );
});
