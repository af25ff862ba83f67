import { afterEach, describe, expect, it } from 'vitest';
import { ClusterGateway } from '#src/cluster/cluster-gateway.ts';
import type { Answer } from '#src/domain/answer.ts';
import type { Command } from '#src/domain/commands.ts';
import type { GatewayReply } from '#src/ports/command-gateway.ts';
import type { SentCommand } from '#src/ports/command-transport.ts';

const DONE: Answer = { type: 'DoneAnswer', created: true };
const UNKNOWN: Answer = { type: 'RefusedAnswer', refusal: 'payment_unknown', detail: 'there is no payment' };
const VOID: Command = { type: 'VoidPayment', paymentId: 'p1' };
const RATES: Command = { type: 'RecordRates', date: '2026-01-01', base: 'EUR', rates: {} };

const open: ClusterGateway[] = [];
afterEach(() => open.splice(0).forEach((gateway) => gateway.close()));

function cluster({ shards = 3, fails = false } = {}) {
  const sent: SentCommand[] = [];
  const replies: GatewayReply[] = [];
  let now = 0;
  const gateway = new ClusterGateway({
    shards,
    clock: () => now,
    obstacles: () => [],
    transport: {
      send: (commands) => {
        sent.push(...commands);
        return fails ? Promise.reject(new Error('no broker')) : Promise.resolve();
      },
    },
  });
  open.push(gateway);
  const submit = async (command: Command) => {
    gateway.submit({ command, actor: 'system', receivedAt: 0 }, (reply) => replies.push(reply));
    await new Promise((resolve) => setImmediate(resolve));
  };
  const pass = async (milliseconds: number) => {
    now += milliseconds;
    gateway.look();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const answer = (shard: number, answered: Answer, number = 1) =>
    gateway.receive({ type: 'answered', number, shard, answer: answered, position: 7 });
  return { gateway, sent, replies, submit, pass, answer };
}

describe('the gateway of a cluster', () => {
  it('sends facts that all shards share to the first one', async () => {
    const { sent, submit } = cluster();
    await submit(RATES);
    expect(sent.map(({ shard }) => shard)).toEqual([0]);
  });

  it('asks every shard for a payment that it does not remember, and takes the answer of the one that has it', async () => {
    const { sent, submit, answer, replies } = cluster();
    await submit(VOID);
    expect(sent.map(({ shard }) => shard)).toEqual([0, 1, 2]);
    answer(0, UNKNOWN);
    answer(2, DONE);
    expect(replies).toEqual([{ type: 'answered', answer: DONE, place: { shard: 2, position: 7 } }]);
    answer(1, UNKNOWN);
    expect(replies).toHaveLength(1);
  });

  it('sends what follows on a payment to the home that it learnt', async () => {
    const { sent, submit, answer } = cluster();
    await submit(VOID);
    answer(1, DONE);
    sent.length = 0;
    await submit(VOID);
    expect(sent.map(({ shard }) => shard)).toEqual([1]);
  });

  it('says that a payment is unknown only when every shard has said so', async () => {
    const { submit, answer, replies } = cluster();
    await submit(VOID);
    answer(0, UNKNOWN);
    answer(0, UNKNOWN);
    answer(1, UNKNOWN);
    expect(replies).toEqual([]);
    answer(2, UNKNOWN);
    expect(replies).toMatchObject([{ type: 'answered', answer: UNKNOWN }]);
  });

  it('repeats a command whose reply was lost, to the shards that have not answered', async () => {
    const { sent, submit, answer, pass } = cluster();
    await submit(VOID);
    answer(0, UNKNOWN);
    sent.length = 0;
    await pass(1_999);
    expect(sent).toEqual([]);
    await pass(1);
    expect(sent.map(({ shard, number }) => [shard, number])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  it('asks again when a shard lost its batch, instead of giving the failure to the client', async () => {
    const { gateway, sent, submit, pass, replies } = cluster();
    await submit(RATES);
    gateway.receive({ type: 'unavailable', number: 1, shard: 0, cause: 'outcome_unknown' });
    expect(replies).toEqual([]);
    await pass(2_000);
    expect(sent).toHaveLength(2);
  });

  it('gives up what is never answered, and says that the outcome is unknown', async () => {
    const { submit, pass, replies, answer } = cluster();
    await submit(RATES);
    await pass(15_000);
    expect(replies).toEqual([{ type: 'unavailable', cause: 'outcome_unknown' }]);
    answer(0, DONE);
    expect(replies).toHaveLength(1);
  });

  it('takes in nothing more while the oldest command waits too long, and is not ready', async () => {
    const { gateway, submit, pass, replies } = cluster();
    await submit(RATES);
    await pass(5_001);
    await submit(RATES);
    expect(replies).toEqual([{ type: 'unavailable', cause: 'overloaded' }]);
    expect(gateway.readiness()).toEqual({ ready: false, reasons: ['shard 0 does not answer'] });
  });

  it('is not ready while commands cannot be sent, and keeps trying', async () => {
    const { gateway, submit, pass, sent } = cluster({ fails: true });
    await submit(RATES);
    expect(gateway.readiness()).toEqual({
      ready: false,
      reasons: ['commands cannot be sent: no broker'],
    });
    await pass(2_000);
    expect(sent).toHaveLength(2);
  });

  it('takes in nothing more once it stops, and gives up what waits when it closes', async () => {
    const { gateway, submit, replies } = cluster();
    await submit(RATES);
    gateway.stop();
    await submit(RATES);
    gateway.close();
    expect(replies.map((reply) => reply.type === 'unavailable' && reply.cause)).toEqual([
      'stopping',
      'stopping',
    ]);
  });
});
