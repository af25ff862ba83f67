import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BODY_EXAMPLES } from '#src/ingest/bodies/body-examples.ts';
import { paymentReader } from '#src/ingest/payment-reader.ts';
import { damagedBodies } from '#test/support/damaged-bodies.ts';
import { fullPaymentBody, paymentBodies } from '#test/support/payment-bodies.ts';
import { readerDeps } from '#test/support/reader-deps.ts';

const { schema } = paymentReader(readerDeps());
const compiled = z.compile(schema, { strict: true });

function expectTheSame(body: unknown): void {
  const slow = schema.safeParse(body);
  const fast = compiled.safeParse(body);
  expect(fast.success).toBe(slow.success);
  expect(fast.data).toEqual(slow.data);
  expect(JSON.stringify(fast.data)).toBe(JSON.stringify(slow.data));
  expect(fast.error?.issues).toEqual(slow.error?.issues);
}

describe('the compiled schema of a payment', () => {
  it('reads what is right as the interpreter does, names in the same order', () => {
    fc.assert(fc.property(paymentBodies, expectTheSame));
  });

  it('refuses what is wrong as the interpreter does, with the same words', () => {
    const bodies = damagedBodies(BODY_EXAMPLES['/v1/payments'] ?? fullPaymentBody());
    fc.assert(
      fc.property(bodies, (text) => expectTheSame(JSON.parse(text))),
      { numRuns: 300 },
    );
  });
});
