import { describe, expect, test } from 'vitest';
import { paymentChanges } from '#src/domain/payment-change.ts';
import type { Command } from '#src/domain/commands.ts';
import { envelopeOf, flowHarness, openCommand, payCommand } from '#test/support/flow-harness.ts';

async function changesOf(...commands: readonly Command[]) {
  const flow = flowHarness();
  const accounts = [openCommand('customer:1', 'allowed'), openCommand('merchant:1', 'forbidden')];
  await flow.run([...accounts, ...commands].map((command) => envelopeOf(command)));
  return paymentChanges(flow.records);
}

function pay(id: string, amount: number, capture: 'automatic' | 'manual' = 'automatic'): Command {
  return payCommand({ id, amount, capture, debtor: 'customer:1', creditor: 'merchant:1' });
}

describe('what other systems are told', () => {
  test('of a payment is its decision with what followed at once, and who pays whom how much', async () => {
    const changes = await changesOf(pay('good', 100), pay('bad', 109), pay('odd', 108));
    expect(changes).toMatchObject([
      {
        paymentId: 'good',
        steps: ['decided', 'posted'],
        terms: { debtor: 'customer:1', creditor: 'merchant:1', amount: 100, asset: 'EUR' },
        decision: { number: 1, outcome: 'approve' },
      },
      { paymentId: 'bad', steps: ['decided', 'denied'], decision: { outcome: 'deny' } },
      { paymentId: 'odd', steps: ['decided', 'held'], awaiting: { for: 'review' } },
    ]);
  });

  test('of a payment that needs no decision is the reason', async () => {
    const stranger = payCommand({ id: 'p', amount: 5, debtor: 'nobody', creditor: 'merchant:1' });
    expect(await changesOf(stranger)).toMatchObject([{ steps: ['rejected'], rejection: 'debtor_unknown' }]);
  });

  test('later is each thing that happens to it, once, and nothing when a command is repeated', async () => {
    const reverse: Command = {
      type: 'ReversePayment',
      paymentId: 'p',
      reversalId: 'r',
      amount: 30,
      kind: 'refund',
    };
    const [decided, ...later] = await changesOf(
      pay('p', 100, 'manual'),
      { type: 'CapturePayment', paymentId: 'p' },
      { type: 'CapturePayment', paymentId: 'p' },
      reverse,
      reverse,
      pay('p', 100, 'manual'),
    );
    expect(decided).toMatchObject({ steps: ['decided', 'held'], awaiting: { for: 'capture' } });
    expect(later).toMatchObject([
      { paymentId: 'p', steps: ['captured'], movement: { amount: 100, final: true } },
      { paymentId: 'p', steps: ['reversed'], movement: { id: 'r', amount: 30, kind: 'refund' } },
    ]);
    expect(later.every(({ terms }) => terms === undefined)).toBe(true);
  });
});
