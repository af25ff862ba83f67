import { expect, test } from 'vitest';
import type { Command, CommandEnvelope } from '#src/domain/commands.ts';
import { START } from '#test/support/decision-setup.ts';
import { FlowInMemory, payOf } from '#test/support/flow-setup.ts';

const sent = (...commands: readonly Command[]): CommandEnvelope[] =>
  commands.map((command) => ({ command, actor: 'token:1', receivedAt: START }));

function vectorsOf(flow: FlowInMemory): Map<string, readonly number[]> {
  const events = flow.records.flatMap((record) => record.events);
  return new Map(
    events.flatMap((event) =>
      event.type === 'PaymentDecided' && event.vector ? [[event.paymentId, [...event.vector]]] : [],
    ),
  );
}

test('a payment that is sent again counts once, and nobody else’s vector changes', async () => {
  const first = payOf({ id: 'first' });
  const second = payOf({ id: 'second' });
  const once = new FlowInMemory();
  await once.run(sent(first, second));
  const repeated = new FlowInMemory();
  await repeated.run(sent(first, first));
  await repeated.run(sent(first, second, second));
  expect(vectorsOf(repeated)).toEqual(vectorsOf(once));
  expect(vectorsOf(once).get('first')).not.toEqual(vectorsOf(once).get('second'));
});
