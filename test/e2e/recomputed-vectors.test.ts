import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runReplay, type ReplayReport } from '#src/replay.ts';
import { seededRandom } from '#test/support/seeded-random.ts';
import { startServer } from '#test/support/crash/server-process.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const PAYMENTS = 120;
const random = seededRandom(11);
const oneOf = (count: number): number => Math.floor(random() * count);

/** Few of everything, so that histories meet. */
function paymentBody(number: number): object {
  return {
    id: `pay_${number}`,
    occurredAt: new Date(Date.now() - oneOf(40) * 3_600_000).toISOString(),
    amount: 100 + oneOf(20_000),
    asset: 'EUR',
    debtor: `customer:${oneOf(6)}`,
    creditor: `merchant:${oneOf(4)}`,
    ...(random() < 0.9 && { card: { id: `c_${oneOf(12)}`, bin: `42424${oneOf(3)}`, country: 'DE' } }),
    ...(random() < 0.8 && {
      device: { id: `d_${oneOf(8)}`, userAgent: 'Mozilla/5.0 (X11; Linux) Firefox/140.0' },
    }),
    ...(random() < 0.8 && { ip: `203.0.113.${oneOf(5)}` }),
    merchant: { id: `m_${oneOf(4)}`, category: '5732', country: 'DE' },
  };
}

async function post(url: string, body: object): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  await response.text();
  return response.status;
}

describe('a log that a server has written', () => {
  let folder: TemporaryFolder;
  let report: ReplayReport;

  beforeAll(async () => {
    folder = await makeTemporaryFolder();
    const server = await startServer(folder.path);
    for (let number = 0; number < PAYMENTS; number += 10) {
      const bodies = Array.from({ length: 10 }, (_, at) => paymentBody(number + at));
      const statuses = await Promise.all(bodies.map((body) => post(`${server.url}/v1/payments`, body)));
      expect(statuses).toEqual(bodies.map(() => 201));
      await post(`${server.url}/v1/payments/pay_${number}/reverse`, { id: `back_${number}` });
    }
    await server.terminate();
    report = await runReplay({ dataFolder: folder.path, recomputeFeatures: true });
  });

  afterAll(() => folder.remove());

  test('gives every scored vector again, to the bit', () => {
    expect(report.features).toMatchObject({ vectors: PAYMENTS, mismatches: 0, erased: 0, examples: [] });
  });

  test('gives the same state each time it is replayed', async () => {
    expect((await runReplay({ dataFolder: folder.path })).state).toBe(report.state);
  });
});
