import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exactInteger } from '#src/adapters/http/view-json.ts';
import { httpHarness } from '#test/support/http-harness.ts';
import type { HttpHarness } from '#test/support/http-harness.ts';

let http: HttpHarness;
beforeAll(async () => {
  http = await httpHarness();
});
afterAll(() => http.close());

const post = (path: string, body: unknown) => http.send('POST', path, { body });

describe('accounts', () => {
  it('are opened once: 201, then 200, and 409 on other terms', async () => {
    const terms = { id: 'acc', asset: 'EUR', overdraft: 'allowed', overdraftLimit: 500 };
    const opened = await post('/v1/accounts', terms);
    expect(opened.status).toBe(201);
    expect(opened.body).toMatchObject({
      id: 'acc',
      state: 'open',
      posted: 0,
      available: 0,
      overdraftLimit: 500,
    });
    expect((await post('/v1/accounts', terms)).status).toBe(200);
    const other = await post('/v1/accounts', { ...terms, overdraftLimit: 501 });
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({ code: 'id_taken' });
  });

  it('are frozen, thawed and closed', async () => {
    await post('/v1/accounts', { id: 'cold', asset: 'EUR' });
    const frozen = await post('/v1/accounts/cold/freeze', { direction: 'debits', reason: 'court order' });
    expect(frozen.body).toMatchObject({ state: 'frozen_debits' });
    expect((await post('/v1/accounts/cold/unfreeze', { reason: 'lifted' })).body).toMatchObject({
      state: 'open',
    });
    expect((await post('/v1/accounts/cold/close', { reason: 'moved away' })).body).toMatchObject({
      state: 'closed',
    });
    expect((await post('/v1/accounts/nobody/freeze', { reason: 'x' })).status).toBe(404);
  });

  it('are shown with entries and at a past time, and 404 when there is none', async () => {
    await post('/v1/accounts', { id: 'seen', asset: 'EUR' });
    expect((await http.send('GET', '/v1/accounts/seen?at=2026-11-24T10:00:00Z')).status).toBe(200);
    expect((await http.send('GET', '/v1/accounts/seen/entries')).body).toEqual({ entries: [], next: null });
    expect((await http.send('GET', '/v1/accounts/unseen')).status).toBe(404);
    expect((await http.send('GET', '/v1/accounts/seen?at=noon')).status).toBe(422);
  });

  it('are funded by a transfer, once', async () => {
    const transfer = {
      id: 't1',
      debtor: 'bank',
      creditor: 'till',
      amount: 700,
      asset: 'EUR',
      reason: 'funding',
    };
    const first = await post('/v1/transfers', transfer);
    expect(first.status).toBe(201);
    expect(first.body).toEqual({ ...transfer, status: 'posted' });
    expect((await post('/v1/transfers', transfer)).status).toBe(200);
    expect((await post('/v1/transfers', { ...transfer, amount: 701 })).status).toBe(409);
    expect((await http.send('GET', '/v1/accounts/till')).body).toMatchObject({ posted: 700 });
  });

  it('write sums that a number would not hold as digits in a string', () => {
    expect(exactInteger(9_007_199_254_740_991n)).toBe(9_007_199_254_740_991);
    expect(exactInteger(9_007_199_254_740_992n)).toBe('9007199254740992');
    expect(exactInteger(-9_007_199_254_740_992n)).toBe('-9007199254740992');
  });
});

describe('what is known beside payments', () => {
  const label = {
    id: 'l1',
    entity: { kind: 'card', id: 'c' },
    label: 'fraud',
    source: 'issuer',
    observedAt: '2026-11-24T10:00:00Z',
  };

  it('is recorded once', async () => {
    const signal = { id: 's1', type: 'login', occurredAt: '2026-11-24T10:00:00Z', account: 'customer:1' };
    expect((await post('/v1/signals', signal)).status).toBe(201);
    expect((await post('/v1/signals', signal)).status).toBe(200);
    expect((await post('/v1/labels', label)).body).toEqual({ id: 'l1', recorded: true });
    expect((await post('/v1/labels', { ...label, label: 'legitimate' })).status).toBe(409);
    expect((await post('/v1/labels', { ...label, label: 'bad' })).status).toBe(422);
  });

  it('is taken as NDJSON where it is labels', async () => {
    const lines = [JSON.stringify({ ...label, id: 'l2' }), '{', JSON.stringify({ ...label, id: 'l3' })].join(
      '\n',
    );
    const headers = { 'content-type': 'application/x-ndjson' };
    const { status, text } = await http.send('POST', '/v1/labels', { body: lines, headers });
    expect(status).toBe(200);
    const answers = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(answers).toEqual([
      { id: 'l2', recorded: true },
      expect.objectContaining({ status: 400, line: 2 }),
      { id: 'l3', recorded: true },
    ]);
  });

  it('blocks and allows by list entries', async () => {
    const added = await post('/v1/lists/block/entries', {
      kind: 'ip',
      value: '2001:db8::0:1',
      reason: 'bots',
    });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({
      list: 'block',
      kind: 'ip',
      value: '2001:db8::1',
      owner: 'token:admin',
    });
    const shown = await http.send('GET', '/v1/lists/block/entries');
    expect(shown.body['entries']).toHaveLength(1);
    expect((await http.send('DELETE', `/v1/lists/block/entries/${String(added.body['id'])}`)).status).toBe(
      200,
    );
    expect((await http.send('DELETE', '/v1/lists/block/entries/nobody')).status).toBe(404);
    expect((await post('/v1/lists/grey/entries', { kind: 'ip', value: '::1', reason: 'r' })).status).toBe(
      404,
    );
  });

  it('shows entities of kinds that there are', async () => {
    expect((await http.send('GET', '/v1/entities/card/c_1')).body).toMatchObject({ kind: 'card', id: 'c_1' });
    expect((await http.send('GET', '/v1/entities/planet/mars')).status).toBe(404);
  });
});
