import { afterEach, describe, expect, it } from 'vitest';
import {
  createWorkerServer,
  type WorkerServer,
  type WorkerServerSettings,
} from '#src/adapters/http/worker-server.ts';

const FORWARDED = { 'x-forwarded-for': '203.0.113.7' };

describe('what a worker shows of itself', () => {
  let server: WorkerServer | undefined;
  afterEach(() => server?.close());

  async function started(settings: Partial<WorkerServerSettings> = {}): Promise<string> {
    server = createWorkerServer({
      readiness: () => ({ ready: true }),
      exposition: () => Promise.resolve('vouch_shards_owned 2\n'),
      ...settings,
    });
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    return `http://127.0.0.1:${port}`;
  }

  it('is that it lives, and whether it can decide', async () => {
    const url = await started({ readiness: () => ({ ready: false, reasons: ['no shard yet'] }) });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ ready: false, reasons: ['no shard yet'] });
  });

  it('is its metrics, to this machine or to who has their token', async () => {
    const url = await started({ metricsToken: 'a token for metrics' });
    expect(await (await fetch(`${url}/metrics`)).text()).toBe('vouch_shards_owned 2\n');
    const statusWith = async (headers: Record<string, string>) =>
      (await fetch(`${url}/metrics`, { headers: { ...FORWARDED, ...headers } })).status;
    expect(await statusWith({})).toBe(401);
    expect(await statusWith({ authorization: 'Bearer another' })).toBe(401);
    expect(await statusWith({ authorization: 'Bearer a token for metrics' })).toBe(200);
  });

  it('is nothing else: payments go to another role', async () => {
    const url = await started();
    const response = await fetch(`${url}/v1/payments`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('role api') as string });
  });

  it('is a problem without details when metrics cannot be read', async () => {
    const url = await started({ exposition: () => Promise.reject(new Error('secret')) });
    const response = await fetch(`${url}/metrics`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });
});
