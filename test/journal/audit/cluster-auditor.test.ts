import { describe, expect, test } from 'vitest';
import { encodePersonalParts, encodeRow } from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord, LedgerEvent } from '#src/domain/events.ts';
import { ClusterAuditor } from '#src/journal/audit/cluster-auditor.ts';
import type { LogRow } from '#src/ports/event-log.ts';
import type { BatchResult } from '#src/shard/payment-flow.ts';
import { AWAY, HOME, TwoShards } from '#test/support/two-shards.ts';

const HASH = new Uint8Array(32);

type Change = (event: LedgerEvent, shard: number) => LedgerEvent | undefined;

function rowsOf(results: readonly BatchResult[], change: (event: LedgerEvent) => LedgerEvent | undefined) {
  return results.map(({ records, personal }, index): LogRow => {
    const changed = records.map((record): CommandRecord => ({
      ...record,
      events: record.events.flatMap((event) => change(event) ?? []),
    }));
    const body = encodeRow(changed);
    return {
      position: index + 1,
      previousHash: HASH,
      hash: HASH,
      body,
      personal: encodePersonalParts(personal),
    };
  });
}

/** What is found in the logs of both shards once `change` went over their events; undefined drops one. */
function findings({ cluster }: TwoShards, change: Change = (event) => event): readonly string[] {
  const auditor = new ClusterAuditor(2);
  const found = [HOME, AWAY].flatMap((shard) =>
    rowsOf(cluster.shard(shard).results, (event) => change(event, shard)).flatMap((row) =>
      auditor.inspect(shard, row),
    ),
  );
  return [...found, ...auditor.findingsAtEnd()];
}

function changing<Type extends LedgerEvent['type']>(
  type: Type,
  change: (event: LedgerEvent & { type: Type }) => LedgerEvent | undefined,
): Change {
  return (event) => (event.type === type ? change(event as LedgerEvent & { type: Type }) : event);
}

/** A payment that was settled and half refunded, one that came back, a transfer, and one that still moves. */
async function busyShards(): Promise<TwoShards> {
  const shards = await TwoShards.funded(1_000);
  const { cluster } = shards;
  const paymentId = shards.id('settled');
  await shards.pay({ id: paymentId, amount: 300 });
  await cluster.settle();
  await shards.home({ type: 'ReversePayment', paymentId, reversalId: 'r1', amount: 150, kind: 'refund' });
  await shards.pay({ id: shards.id('returned'), amount: 40, creditor: cluster.accountIn(AWAY, 'nobody') });
  await cluster.settle();
  await shards.pay({ id: shards.id('moving'), amount: 25 });
  return shards;
}

describe('the logs of an honest ledger in two shards', () => {
  test('hold together, with money on its way', async () => {
    const shards = await busyShards();
    expect(findings(shards)).toEqual([]);
    await shards.there();
    expect(findings(shards)).toEqual([]);
    await shards.back();
    expect(findings(shards)).toEqual([]);
  });

  test('are counted together', async () => {
    const shards = await busyShards();
    const auditor = new ClusterAuditor(2);
    for (const shard of [HOME, AWAY])
      for (const row of rowsOf(shards.cluster.shard(shard).results, (event) => event))
        auditor.inspect(shard, row);
    expect(auditor.counts).toMatchObject({ payments: 3, messages: 7, outstanding: 1 });
  });
});

describe('logs that are read while they grow', () => {
  test('are of one moment once a log that lacks what another has taken was read on', async () => {
    const { cluster } = await busyShards();
    const auditor = new ClusterAuditor(2);
    const [home = [], away = []] = [HOME, AWAY].map((shard) =>
      rowsOf(cluster.shard(shard).results, (event) => event),
    );
    for (const row of away) auditor.inspect(AWAY, row);
    expect(auditor.shardsBehind()).toEqual([HOME]);
    for (const row of home) if (auditor.shardsBehind().length > 0) auditor.inspect(HOME, row);
    expect([...auditor.findingsAtEnd()]).toEqual([]);
  });
});

describe('the logs of two shards that contradict each other', () => {
  test('are found out by a credit of another amount', async () => {
    const shards = await busyShards();
    const more = changing('CreditPosted', (event) => ({ ...event, amount: event.amount + 1 }));
    expect(findings(shards, more)).toContain(
      'message 1 from shard 0 to 1 was taken, and what was done is not what it says',
    );
  });

  test('are found out by a message that has no effect', async () => {
    const shards = await busyShards();
    const found = findings(
      shards,
      changing('PaymentSettled', () => undefined),
    );
    expect(found).toContain('message 1 from shard 1 to 0 was taken, and what was done is not what it says');
  });

  test('are found out by a message that nobody sent', async () => {
    const shards = await busyShards();
    const found = findings(shards, (event, shard) =>
      event.type === 'MessageSent' && shard === AWAY ? undefined : event,
    );
    expect(found).toContain('3 messages from shard 1 to 0 were taken, and 0 were sent');
  });

  test('are found out by a message that is taken twice', async () => {
    const shards = await busyShards();
    const twice = changing('MessageReceived', (event) => ({ ...event, sequence: 1 }));
    expect(findings(shards, twice)).toContain('message 1 from shard 1 stands where 2 should');
  });

  test('are found out by money in transit that no message brings', async () => {
    const shards = await busyShards();
    await shards.pay({ id: shards.id('lost'), amount: 5 });
    const lost = changing('MessageSent', (event) =>
      event.message.type === 'CreditAccount' && event.message.amount === 5 ? undefined : event,
    );
    expect(findings(shards, lost)).toContain('vouch:in-transit:0>1:EUR stands at 30, and 25 is on its way');
  });

  test('are found out by a reversal that was not asked for', async () => {
    const shards = await busyShards();
    const found = findings(
      shards,
      changing('ReversalSent', () => undefined),
    );
    expect(found).toContain(
      `payment ${shards.id('settled')}: reversal r1 brings 150, and nothing was asked for`,
    );
  });
});
