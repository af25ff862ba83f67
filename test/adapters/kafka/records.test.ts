import { describe, expect, it } from 'vitest';
import { commandRecord, readCommandRecord, replyAddressOf } from '#src/adapters/kafka/command-record.ts';
import { readReplyRecord, replyRecord } from '#src/adapters/kafka/reply-record.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import type { ShardsReply } from '#src/ports/command-transport.ts';

const ADDRESS = { instance: 'api-1', partition: 3, number: 42 };
const ENVELOPE: CommandEnvelope = {
  command: { type: 'VoidPayment', paymentId: 'p1', reason: 'late' },
  actor: 'token:1',
  receivedAt: 1_700_000_000_000,
};

describe('a command as a record', () => {
  it('comes out as it went in, with who waits for the reply', () => {
    const { value, headers } = commandRecord(ENVELOPE, ADDRESS);
    const received = { value: value as Buffer, headers: { reply: Buffer.from(String(headers?.['reply'])) } };
    expect(readCommandRecord(received)).toEqual(ENVELOPE);
    expect(replyAddressOf(received)).toEqual(ADDRESS);
  });

  it.each([undefined, 'nobody', 'api-1:x:1', 'api 1:1:1', ['api-1:1:1']])(
    'has nobody who waits when the header is %j',
    (reply) => {
      expect(replyAddressOf({ headers: { reply } })).toBeUndefined();
    },
  );
});

describe('a reply as a record', () => {
  it.each<ShardsReply>([
    {
      type: 'answered',
      number: 42,
      shard: 1,
      position: 7,
      answer: { type: 'DoneAnswer', created: true },
    },
    { type: 'unavailable', number: 42, shard: 1, cause: 'stopping' },
  ])('comes out as it went in: %j', (reply) => {
    const { key, value, partition } = replyRecord(ADDRESS, reply);
    expect(partition).toBe(3);
    const received = { key: Buffer.from(String(key)), value: value as Buffer };
    expect(readReplyRecord(received, 'api-1')).toEqual(reply);
    expect(readReplyRecord(received, 'api-2')).toBeUndefined();
  });
});
