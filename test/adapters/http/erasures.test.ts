import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpHarness, type HttpHarness } from '#test/support/http-harness.ts';

let http: HttpHarness;
beforeAll(async () => {
  http = await httpHarness();
});
afterAll(() => http.close());

const PATH = '/v1/erasures';

describe('an erasure', () => {
  it('is recorded in slices, and says what is gone and what still names the subject', async () => {
    const body = { kind: 'card', id: 'c_9f2', reason: 'asked' };
    const reply = await http.send('POST', PATH, { body });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({ parts: 300, standing: [{ list: 'block', id: 'entry_1' }] });
    const commands = http.service.envelopes.map(({ command }) => command);
    expect(commands).toMatchObject([{ type: 'RecordErasure', reason: 'asked' }, { type: 'RecordErasure' }]);
  });

  it('of what nobody knows does nothing', async () => {
    const before = http.service.envelopes.length;
    const reply = await http.send('POST', PATH, { body: { kind: 'ip', id: '::1', reason: 'asked' } });
    expect(reply.body).toMatchObject({ parts: 0 });
    expect(http.service.envelopes).toHaveLength(before);
  });

  it.each([
    [{ kind: 'ip', id: 'nowhere', reason: 'asked' }, 'id'],
    [{ kind: 'merchant', id: 'm', reason: 'asked' }, 'kind'],
    [{ kind: 'card', id: 'c' }, 'reason'],
  ])('is refused with the path of what is wrong: %j', async (body, path) => {
    const reply = await http.send('POST', PATH, { body });
    expect(reply.status).toBe(422);
    expect(reply.body['errors']).toMatchObject([{ path }]);
  });

  it('is for admins alone', async () => {
    const token = http.tokenWith('payments:write');
    expect((await http.send('POST', PATH, { body: {}, token })).status).toBe(403);
  });
});
