import { afterEach, describe, expect, it } from 'vitest';
import { RequestRates } from '#src/adapters/http/request-rates.ts';
import type { HttpLimits } from '#src/adapters/http/http-deps.ts';
import { anyone } from '#src/ingest/access/token-table.ts';
import { httpHarness, type HttpHarness } from '#test/support/http-harness.ts';
import { fullPaymentBody } from '#test/support/payment-bodies.ts';

describe('the rate of a token', () => {
  let now = 0;
  const principal = anyone();
  const taken = (rates: RequestRates) => rates.take(principal) === undefined;

  it('fills with time, up to one second’s worth', () => {
    const rates = new RequestRates({ perSecond: 2, now: () => now });
    expect([taken(rates), taken(rates), taken(rates)]).toEqual([true, true, false]);
    now += 500;
    expect([taken(rates), taken(rates)]).toEqual([true, false]);
    now += 60_000;
    expect([taken(rates), taken(rates), taken(rates)]).toEqual([true, true, false]);
  });

  it('is each token’s own, and none where none is set', () => {
    const rates = new RequestRates({ perSecond: 1, now: () => now });
    expect([taken(rates), taken(rates)]).toEqual([true, false]);
    expect(rates.take(anyone())).toBeUndefined();
    const free = new RequestRates({ perSecond: undefined, now: () => now });
    expect(Array.from({ length: 100 }, () => taken(free))).not.toContain(false);
  });

  it('does not fill when the clock steps back', () => {
    const rates = new RequestRates({ perSecond: 1, now: () => now });
    expect(taken(rates)).toBe(true);
    now -= 10_000;
    expect(rates.take(principal)).toBe(1);
  });
});

describe('a server with limits', () => {
  let http: HttpHarness;
  afterEach(() => http.close());

  async function start(limits: Partial<HttpLimits>): Promise<void> {
    http = await httpHarness({ limits });
  }

  it('answers a token that asks too often 429 with Retry-After, and does nothing', async () => {
    await start({ requestsPerSecond: 1 });
    expect((await http.send('POST', '/v1/payments', { body: fullPaymentBody() })).status).toBe(201);
    for (const [method, path] of [
      ['POST', '/v1/payments'],
      ['GET', '/v1/payments'],
    ] as const) {
      const sent = method === 'POST' ? { body: fullPaymentBody() } : {};
      const { status, headers, body } = await http.send(method, path, sent);
      expect(status).toBe(429);
      expect(headers.get('retry-after')).toBe('1');
      expect(body['type']).toBe('/problems/too-many-requests');
    }
    expect(http.service.envelopes).toHaveLength(1);
    expect((await http.send('GET', '/healthz')).status).toBe(200);
    expect((await http.send('GET', '/v1/payments', { token: http.tokenWith('admin') })).status).toBe(200);
  });

  it('tells a client that does not wait the policy’s word for late decisions', async () => {
    await start({ lateOutcome: 'deny' });
    http.service.hold();
    const { status, body } = await http.send('POST', '/v1/payments', {
      body: fullPaymentBody(),
      headers: { prefer: 'wait=0' },
    });
    http.service.release();
    expect(status).toBe(202);
    expect(body['late']).toEqual({ outcome: 'deny' });
  });
});
