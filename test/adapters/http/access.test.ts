import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpServer, OpenToNetworkError } from '#src/adapters/http/http-server.ts';
import { ProjectionBehindError } from '#src/ports/ledger-queries.ts';
import type { LedgerQueries } from '#src/ports/ledger-queries.ts';
import { fullPaymentBody } from '#test/support/payment-bodies.ts';
import { httpHarness } from '#test/support/http-harness.ts';
import type { HttpHarness } from '#test/support/http-harness.ts';

let http: HttpHarness;
beforeAll(async () => {
  http = await httpHarness();
});
afterAll(() => http.close());

describe('access', () => {
  it.each([null, '', 'vouch_nobody', `vouch_${'a'.repeat(43)}`])(
    'without a token that is known is answered 401: %s',
    async (token) => {
      for (const path of ['/v1/payments', '/v1/accounts']) {
        const { status, headers, body } = await http.send('POST', path, { body: {}, token });
        expect(status).toBe(401);
        expect(headers.get('www-authenticate')).toBe('Bearer');
        expect(body['type']).toBe('/problems/unauthorized');
      }
    },
  );

  it('with a token that may not is answered 403 and names the scopes', async () => {
    const token = http.tokenWith('payments:read');
    const { status, body } = await http.send('POST', '/v1/payments', { body: fullPaymentBody(), token });
    expect(status).toBe(403);
    expect(body['detail']).toContain('payments:write');
    expect((await http.send('POST', '/v1/transfers', { body: {}, token })).status).toBe(403);
    expect((await http.send('GET', '/v1/payments', { token })).status).toBe(200);
  });

  it('to every route of the ledger needs a token', async () => {
    const open = http.server.routes.filter((route) => route.open !== undefined).map(({ path }) => path);
    expect(open.toSorted()).toEqual(['/healthz', '/metrics', '/openapi.json', '/problems/{type}', '/readyz']);
  });

  it('is given by a token made over the API, until that is revoked', async () => {
    const made = await http.send('POST', '/v1/tokens', { body: { name: 'shop', scopes: ['payments:read'] } });
    expect(made.status).toBe(201);
    const { id, token } = made.body as { id: string; token: string };
    expect((await http.send('GET', '/v1/payments', { token })).status).toBe(200);
    expect(JSON.stringify(http.service.envelopes)).not.toContain(token);
    await http.send('DELETE', `/v1/tokens/${id}`);
    expect((await http.send('GET', '/v1/payments', { token })).status).toBe(401);
  });

  it('without tokens is for loopback only', async () => {
    const server = createHttpServer({
      ...http.deps,
      tokens: 'off',
      metrics: { ...http.deps.metrics, watch: () => {} },
    });
    await expect(server.listen({ host: '0.0.0.0', port: 0 })).rejects.toThrow(OpenToNetworkError);
    const off = await httpHarness({ auth: 'off' });
    expect((await off.send('GET', '/v1/payments', { token: null })).status).toBe(200);
    await off.close();
  });
});

describe('routing', () => {
  it('answers 404 for a path that it does not know, without repeating it', async () => {
    const { status, body, text } = await http.send('GET', '/v1/4242424242424242');
    expect(status).toBe(404);
    expect(body['type']).toBe('/problems/not-found');
    expect(text).not.toContain('4242');
  });

  it('answers 405 with what is allowed', async () => {
    const { status, headers } = await http.send('DELETE', '/v1/payments');
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('POST, GET');
  });

  it('answers HEAD as GET without the body', async () => {
    const { status, text } = await http.send('HEAD', '/healthz');
    expect([status, text]).toEqual([200, '']);
  });

  it('does not take percent signs that encode nothing', async () => {
    expect((await http.send('GET', '/v1/payments/%zz')).status).toBe(404);
  });
});

describe('operation', () => {
  it('says that it is alive, and whether it can decide', async () => {
    expect((await http.send('GET', '/healthz', { token: null })).body).toEqual({ status: 'ok' });
    expect((await http.send('GET', '/readyz', { token: null })).body).toEqual({ ready: true, reasons: [] });
    http.service.ready = { ready: false, reasons: ['the log is full'] };
    const { status, body } = await http.send('GET', '/readyz', { token: null });
    http.service.ready = { ready: true };
    expect(status).toBe(503);
    expect(body).toEqual({ ready: false, reasons: ['the log is full'] });
  });

  it('shows metrics to this machine without a token, and not to what a proxy forwards', async () => {
    await http.send('POST', '/v1/payments', { body: fullPaymentBody() });
    const { status, text } = await http.send('GET', '/metrics', { token: null });
    expect(status).toBe(200);
    expect(text).toContain('vouch_http_payments_total{status="201"} 1');
    expect(text).toMatch(/vouch_http_payment_seconds_count \d+/);
    expect(text).toContain('vouch_http_commands_in_flight 0');
    const headers = { 'x-forwarded-for': '198.51.100.1' };
    expect((await http.send('GET', '/metrics', { token: null, headers })).status).toBe(401);
  });

  it('explains every type of problem', async () => {
    expect((await http.send('GET', '/problems/invalid', { token: null })).body).toMatchObject({
      status: 422,
    });
    expect((await http.send('GET', '/problems/toString', { token: null })).status).toBe(404);
  });

  it('answers a read that cannot catch up with 503, to be tried again', async () => {
    const behind = () => Promise.reject(new ProjectionBehindError('behind'));
    const queries = { ...http.service.queries, account: behind };
    const server = createHttpServer({
      ...http.deps,
      queries,
      metrics: { ...http.deps.metrics, watch: () => {} },
    });
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    const response = await fetch(`http://127.0.0.1:${port}/v1/accounts/a`, {
      headers: { authorization: `Bearer ${http.token}` },
    });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ type: '/problems/behind' });
    await server.close();
  });

  it('reads at least what its token wrote, or what a position that is sent says', async () => {
    const asked: number[] = [];
    const queries: LedgerQueries = {
      ...http.service.queries,
      account: (id, options) => {
        asked.push(options.seen[0] ?? 0);
        return http.service.queries.account(id, options);
      },
    };
    const server = createHttpServer({
      ...http.deps,
      queries,
      metrics: { ...http.deps.metrics, watch: () => {} },
    });
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${port}/v1/accounts`;
    const headers = {
      authorization: `Bearer ${http.tokenWith('transfers:write')}`,
      'content-type': 'application/json',
    };
    await fetch(`${url}/nobody`, { headers });
    const body = JSON.stringify({ id: 'written', asset: 'EUR' });
    const written = Number(
      (await fetch(url, { method: 'POST', headers, body })).headers.get('vouch-position'),
    );
    await fetch(`${url}/written`, { headers });
    await fetch(`${url}/written`, { headers: { ...headers, 'vouch-position': '99999' } });
    expect(asked).toEqual([0, written, written, 99_999]);
    await server.close();
  });

  it('answers a failure of its own with 500, logs it, and says nothing of its inside', async () => {
    const { queries } = http.service;
    const failing = { ...queries, account: () => Promise.reject(new Error('secret of the inside')) };
    const broken = createHttpServer({
      ...http.deps,
      queries: failing,
      metrics: { ...http.deps.metrics, watch: () => {} },
    });
    const { port } = await broken.listen({ host: '127.0.0.1', port: 0 });
    const response = await fetch(`http://127.0.0.1:${port}/v1/accounts/a`, {
      headers: { authorization: `Bearer ${http.token}` },
    });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(http.logLines.join('')).toContain('a request failed');
    expect(http.logLines.join('')).not.toContain('secret of the inside');
    await broken.close();
  });
});
