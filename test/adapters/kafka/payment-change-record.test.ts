import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { paymentChangeRecord } from '#src/adapters/kafka/payment-change-record.ts';
import { paymentChangeSchema } from '#src/adapters/kafka/payment-change-schema.ts';
import { paymentChanges } from '#src/domain/payment-change.ts';
import { START } from '#test/support/decision-setup.ts';
import { readProjectFile } from '#test/tidy/source-tree.ts';
import { FlowInMemory, payOf, steeredScorer } from '#test/support/flow-setup.ts';

const PLACE = { ledgerId: 'l', shard: 2, position: 7 };

async function recordsOf(score: number) {
  const flow = new FlowInMemory(
    {},
    steeredScorer(() => score),
  );
  const personal = { cardId: 'card_secret', ip: '203.0.113.7', metadata: { note: 'Mrs Smith' } };
  await flow.run([
    { command: payOf({ id: 'pay_1' }, personal), actor: 'token:1', receivedAt: START },
    { command: payOf({ id: 'pay_2' }, personal), actor: 'token:1', receivedAt: START },
  ]);
  return paymentChanges(flow.records).map((change) => paymentChangeRecord(change, PLACE));
}

describe('a change of a payment for other systems', () => {
  test('is a CloudEvent in binary mode, keyed by its payment, with an id of its own', async () => {
    const [first, second] = await recordsOf(0.01);
    expect(first).toMatchObject({
      key: 'pay_1',
      headers: {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_id: '2.7.0.pay_1',
        ce_source: 'urn:vouch:ledger:l',
        ce_type: 'payment.decided',
        ce_subject: 'pay_1',
        ce_time: new Date(START).toISOString(),
        ce_dataschema: 'urn:vouch:schema:payment-change:1',
      },
    });
    expect(second?.headers?.['ce_id']).toBe('2.7.1.pay_2');
  });

  test.each([0.01, 0.2, 0.99])(
    'has the published form, and nothing personal, at a score of %s',
    async (score) => {
      for (const { value } of await recordsOf(score)) {
        const strict = z.strictObject(paymentChangeSchema.shape);
        expect(strict.safeParse(JSON.parse(String(value))).error).toBeUndefined();
        expect(String(value)).not.toMatch(/card_secret|203\.0\.113\.7|Smith/);
      }
    },
  );
});

test('the published schema of changes is the one that records are written by', () => {
  const schema = z.toJSONSchema(paymentChangeSchema, { io: 'input' });
  const document = { $id: 'urn:vouch:schema:payment-change:1', title: 'A change of a payment', ...schema };
  expect(JSON.parse(readProjectFile('docs/schemas/payment-change-1.json'))).toEqual(document);
});
