import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROBLEM_KINDS } from '#src/adapters/http/problem.ts';
import { BODY_EXAMPLES } from '#src/ingest/bodies/body-examples.ts';
import { damagedBodies } from '#test/support/damaged-bodies.ts';
import { httpHarness } from '#test/support/http-harness.ts';
import type { HttpHarness } from '#test/support/http-harness.ts';

let http: HttpHarness;
beforeAll(async () => {
  http = await httpHarness();
});
afterAll(() => http.close());

const PROBLEM_STATUSES: readonly number[] = Object.values(PROBLEM_KINDS).map(({ status }) => status);
/** Every path has a parameter or none; this one exists nowhere. */
const filled = (path: string) => path.replace('{list}', 'block').replaceAll(/\{\w+\}/g, 'nobody');
const paths = Object.keys(BODY_EXAMPLES).filter((path) => path !== '/v1/payments/batch');

describe('a damaged body', () => {
  it.each(paths)(
    'sent to %s is answered as documented, never with a failure, and never repeated',
    async (path) => {
      const route = http.server.routes.find((each) => each.path === path && each.method === 'POST');
      const documented = Object.keys(route?.answers ?? {}).map(Number);
      await fc.assert(
        fc.asyncProperty(damagedBodies(BODY_EXAMPLES[path] ?? {}), async (body) => {
          const { status, text } = await http.send('POST', filled(path), { body });
          expect(status).toBeLessThan(500);
          expect([...documented, ...PROBLEM_STATUSES]).toContain(status);
          if (status >= 400) expect(text).not.toContain('4242424242424242');
        }),
        { numRuns: 15 },
      );
    },
  );

  it('of any bytes is answered as documented', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const response = await fetch(`${http.url}/v1/payments`, {
          method: 'POST',
          headers: { authorization: `Bearer ${http.token}`, 'content-type': 'application/json' },
          body: Uint8Array.from(bytes),
        });
        expect([400, 422]).toContain(response.status);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a damaged path or query', () => {
  it('is answered as documented', async () => {
    const parts = fc.oneof(
      fc.webPath(),
      fc.string({ maxLength: 20 }).map((text) => `/v1/${encodeURIComponent(text)}`),
    );
    await fc.assert(
      fc.asyncProperty(parts, fc.webQueryParameters(), async (path, query) => {
        const { status } = await http.send('GET', `${path === '' ? '/' : path}?${query}`);
        expect([200, 404, 405, 422]).toContain(status);
      }),
      { numRuns: 50 },
    );
  });
});
