import { describe, expect, test } from 'vitest';
import type { SourceRecord } from '#src/adapters/kafka/source-topic.ts';
import { bodyReaders } from '#src/body-readers.ts';
import { PaymentSource } from '#src/cluster/payment-source.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import type { GatewayReply } from '#src/ports/command-gateway.ts';

const NOW = Date.UTC(2026, 0, 2);
const reader = bodyReaders({
  entityKey: new Uint8Array(16),
  assets: {},
  now: () => NOW,
  aheadSecondsMax: 300,
}).payment;
const DONE: GatewayReply = {
  type: 'answered',
  answer: { type: 'DoneAnswer', created: true },
  place: { shard: 0, position: 1 },
};

function body(id: string, more: object = {}): string {
  const occurredAt = '2026-01-01T00:00:00Z';
  return JSON.stringify({ id, occurredAt, amount: 5, asset: 'EUR', debtor: 'a', creditor: 'b', ...more });
}

function record(value: string | null, headers: SourceRecord['headers'] = {}): SourceRecord {
  return { value: value === null ? null : Buffer.from(value), headers };
}

function sourceWith(answer: (envelope: CommandEnvelope, attempt: number) => GatewayReply) {
  const asked: string[] = [];
  const source = new PaymentSource({
    reader,
    topic: 'payments.in',
    now: () => NOW,
    gateway: {
      submit: (envelope, onReply) => {
        if (envelope.command.type === 'Pay') asked.push(envelope.command.facts.id);
        setImmediate(onReply, answer(envelope, asked.length));
      },
    },
  });
  return { source, asked };
}

function typeOf(reason: string): unknown {
  const { type } = JSON.parse(reason) as { type: unknown };
  return type;
}

const EVENT = { ce_specversion: '1.0', ce_id: '1', ce_source: '/shop', ce_type: 'shop.payment' };

describe('payments of a topic', () => {
  test('are sent in their order, and those nobody can read are told apart with the reason', async () => {
    const { source, asked } = sourceWith(() => DONE);
    const letters = await source.take([
      record(body('one')),
      record('{"id":'),
      record(body('two'), { ...EVENT, 'content-type': 'application/json; charset=utf-8' }),
      record(null),
      record(body('three', { amount: 0.5, nmae: 'x' })),
      record(body('four'), { ...EVENT, ce_specversion: '0.3' }),
      record(body('five'), { ...EVENT, ce_id: '' }),
      record(body('six'), { 'content-type': 'application/cloudevents+json' }),
      record(body('seven', { metadata: { a: 'x'.repeat(70_000) } })),
    ]);
    expect(asked).toEqual(['one', 'two']);
    const reasons = (letters ?? []).map(({ index, reason }) => [index, typeOf(reason)]);
    expect(reasons).toEqual([
      [1, 'not-json'],
      [3, 'not-json'],
      [4, 'invalid'],
      [5, 'event-version'],
      [6, 'event-incomplete'],
      [7, 'unsupported-media-type'],
      [8, 'too-large'],
    ]);
    expect(letters?.[2]?.reason).toContain('"path":"amount"');
  });

  test('are asked for again until a shard answers, and then count as taken', async () => {
    const { source, asked } = sourceWith((_, attempt) =>
      attempt < 3 ? { type: 'unavailable', cause: 'outcome_unknown' } : DONE,
    );
    expect(await source.take([record(body('one'))])).toEqual([]);
    expect(asked).toEqual(['one', 'one', 'one']);
  });

  test('whose id has another content are told apart', async () => {
    const answer = { type: 'RefusedAnswer', refusal: 'id_taken', detail: 'it exists' } as const;
    const { source } = sourceWith(() => ({ type: 'answered', answer, place: { shard: 0, position: 1 } }));
    const letters = await source.take([record(body('one'))]);
    expect(letters).toEqual([{ index: 0, reason: '{"type":"id_taken","detail":"it exists"}' }]);
  });

  test('that no shard took when the process stops have to come again', async () => {
    const { source } = sourceWith(() => {
      source.stop();
      return { type: 'unavailable', cause: 'stopping' };
    });
    expect(await source.take([record(body('one'))])).toBeUndefined();
    // Taken, it would be told to the broker as dealt with, and what is before it too.
    expect(await source.take([record('{"id":')])).toBeUndefined();
  });
});
