import { afterEach, describe, expect, test } from 'vitest';
import { createMemoryStateStore } from '#src/adapters/memory/memory-state-store.ts';
import type { Command } from '#src/domain/commands.ts';
import { decodePersonalParts, encodePersonalParts } from '#src/domain/encoding/row-codec.ts';
import { sealPersonal } from '#src/ingest/seal-personal.ts';
import { digestOf, openCommand, payCommand, transferCommand } from '#test/support/flow-harness.ts';
import { dumpOf } from '#test/support/shard-dump.ts';
import { ShardHarness } from '#test/support/shard-harness.ts';
import { STUB_KEYER } from '#test/support/stub-features.ts';

const running: ShardHarness[] = [];

async function started(checkpointEveryCommands?: number): Promise<ShardHarness> {
  const harness = new ShardHarness();
  harness.checkpointEveryCommands = checkpointEveryCommands;
  await harness.start();
  running.push(harness);
  return harness;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((harness) => harness.stop()));
});

/** With the keys that a replay makes again. */
const pay = (id: string): Command => {
  const command = payCommand({ id, debtor: 'a', creditor: 'shop', amount: 10 });
  return { ...command, entityKeys: STUB_KEYER.ofPayment({ facts: command.facts, personal: {} }) };
};
const dump = (harness: ShardHarness) => dumpOf(harness.resources.state, harness.records());
const blocked = (entryId: string, value: string): Command => ({
  type: 'AddListEntry',
  entryId,
  list: 'block',
  kind: 'account',
  reason: 'known mule',
  personal: sealPersonal({ entity: value }, () => new Uint8Array(16)),
});

describe('a shard whose stored state does not decode', () => {
  const GARBAGE = new Uint8Array([255, 255, 255, 255, 255, 255, 255, 255, 255, 255]);

  test.each(['meta/checkpoint', 'registry/state'])(
    'is built again from the log when it is opened, with %s damaged',
    async (key) => {
      const harness = await started();
      await harness.submit(pay('p1'), blocked('e1', 'mule'));
      const live = dump(harness);
      await harness.stop();
      await harness.store.write({ puts: [{ key, value: GARBAGE }], deletes: [] });
      await harness.start();
      expect(dump(harness)).toEqual(live);
      expect(harness.discarded).toHaveLength(1);
    },
  );

  test('is built again when it comes upon it, and the command sent again is done', async () => {
    const harness = await started();
    await harness.submit(pay('p1'));
    await harness.stop();
    await harness.store.write({ puts: [{ key: 'payment/p1', value: GARBAGE }], deletes: [] });
    await harness.start();
    const reversal: Command = {
      type: 'ReversePayment',
      paymentId: 'p1',
      reversalId: 'r1',
      kind: 'refund',
    };
    expect(await harness.submit(reversal)).toMatchObject([{ type: 'unavailable' }]);
    await harness.ready();
    expect(await harness.submit(reversal)).toMatchObject([{ answer: { type: 'DoneAnswer', created: true } }]);
    expect(harness.discarded).toHaveLength(1);
    expect(harness.resources.state.ledger.payments.get('p1')).toMatchObject({ reversed: 10 });
  });
});

describe('a shard that is opened', () => {
  test('applies nothing again after it was stopped in order', async () => {
    const harness = await started();
    await harness.submit(pay('p1'));
    await harness.submit(pay('p2'));
    await harness.stop();
    await harness.start();
    expect(harness.recoveredRows).toEqual([0, 0]);
    expect(harness.resources.state.ledger.payments.get('p2')?.status).toBe('posted');
  });

  test('applies the rows behind its checkpoint, and no others', async () => {
    const harness = await started(1);
    await harness.submit(pay('p1'));
    await harness.submit(pay('p2'));
    harness.checkpointEveryCommands = undefined;
    await harness.stop();
    await harness.start();
    await harness.submit(pay('p3'));
    const live = dump(harness);
    harness.log.nextCommitFault = 'lost';
    await harness.submit(pay('p4'));
    await harness.ready();
    expect(harness.recoveredRows).toEqual([0, 0, 1]);
    expect(dump(harness)).toEqual(live);
  });

  test('with a state or histories ahead of a shortened log builds them again, at the first start', async () => {
    const harness = await started();
    await harness.submit(pay('p1'));
    const { rows } = harness.log;
    const live = dump(harness);
    await harness.submit(pay('p2'));
    await harness.stop();
    rows.pop();
    await harness.start();
    expect(dump(harness)).toEqual(live);
    expect(harness.written.position).toBe(1);
    expect(harness.recoveredRows.at(-1)).toBe(1);
    expect(harness.openHandles).toBe(2);
    await harness.submit(pay('p2'));
    expect(harness.resources.state.ledger.payments.get('p2')?.status).toBe('posted');
  });

  test('without its state builds it from the log, with checkpoints on the way', async () => {
    const harness = await started();
    for (const id of ['p1', 'p2', 'p3', 'p4', 'p5']) await harness.submit(pay(id));
    const live = dump(harness);
    await harness.stop();
    harness.store = createMemoryStateStore();
    harness.checkpointEveryCommands = 2;
    await harness.start();
    expect(dump(harness)).toEqual(live);
    expect(harness.store.get('meta/checkpoint')).toBeDefined();
  });
});

describe('a shard with a log of many pages', () => {
  const PAGES = 260;
  const grown = async () => {
    const harness = await started();
    for (let row = 1; row <= PAGES; row++) await harness.submit(pay(`p${row}`));
    const live = dump(harness);
    await harness.stop();
    return { harness, live };
  };

  test('applies every row of them', async () => {
    const { harness, live } = await grown();
    harness.store = createMemoryStateStore();
    await harness.start();
    expect(dump(harness)).toEqual(live);
  });

  test('tells histories that lag what they lack, and leaves the ledger as it is', async () => {
    const { harness, live } = await grown();
    const { attempts } = harness.written;
    Object.assign(harness.written, { position: 0, attempts: new Map() });
    harness.checkpointEveryCommands = PAGES - 10;
    await harness.start();
    expect(harness.recoveredRows.at(-1)).toBe(PAGES);
    expect(dump(harness)).toEqual(live);
    expect(harness.written.attempts).toEqual(attempts);
    harness.log.nextCommitFault = 'lost';
    await harness.submit(pay('other'));
    await harness.ready();
    expect(dump(harness)).toEqual(live);
  });

  test('tells histories that lag by one row that row alone', async () => {
    const { harness, live } = await grown();
    harness.written.position = PAGES - 1;
    harness.written.attempts.set('a', PAGES - 1);
    await harness.start();
    expect(harness.recoveredRows.at(-1)).toBe(1);
    expect(dump(harness)).toEqual(live);
    expect(harness.written.attempts.get('a')).toBe(PAGES);
  });
});

describe('what a shard keeps beside its ledger', () => {
  const document = 'version: "7"\nthresholds: { review: 0.01, deny: 0.99 }\n';
  const commands: readonly Command[] = [
    { type: 'OpenLedger', ledgerId: 'ldg_1', software: 'test', assets: {} },
    {
      type: 'CreateToken',
      tokenId: 'tk_1',
      name: 'shop',
      digest: digestOf('secret'),
      scopes: ['payments:write'],
    },
    { type: 'CreateToken', tokenId: 'tk_2', name: 'gone', digest: digestOf('other'), scopes: ['admin'] },
    { type: 'RevokeToken', tokenId: 'tk_2' },
    { type: 'ActivateModel', name: 'net', version: '3', manifestDigest: 'm', featureHash: 'f' },
    { type: 'RecordIpTable', name: 'table', version: '1', digest: 'd' },
    { type: 'RecordRates', date: '2026-11-24', base: 'EUR', rates: { USD: 1.1 } },
    { type: 'ActivatePolicy', version: '7', document },
    blocked('e_1', 'mule'),
    pay('p1'),
  ];

  test('is there again after a restart: policy, lists, counters, tokens, model, tables and rates', async () => {
    const harness = await started();
    await harness.submit(...commands);
    await harness.stop();
    const { tokens } = await harness.start();
    expect(tokens).toEqual([
      {
        type: 'TokenCreated',
        tokenId: 'tk_1',
        name: 'shop',
        digest: digestOf('secret'),
        scopes: ['payments:write'],
      },
    ]);
    const { state } = harness.resources;
    expect(state).toMatchObject({
      ledgerId: 'ldg_1',
      policyDocument: document,
      model: { type: 'ModelActivated', name: 'net', version: '3' },
      ipTable: { type: 'IpTableRecorded', digest: 'd' },
      rates: { type: 'RatesRecorded', rates: { USD: 1.1 } },
    });
    expect(state.decisions.policy.version).toBe('7');
    expect(state.decisions.counters('enforce').reviewsInLastHour(harness.now)).toBe(1);
    expect(state.decisions.list('block').get('e_1')).toMatchObject({ value: 'mule', owner: 'token:test' });
  });

  test('still decides after the restart', async () => {
    const harness = await started();
    await harness.submit(...commands);
    await harness.stop();
    await harness.start();
    const [reply] = await harness.submit(payCommand({ id: 'p2', debtor: 'mule', creditor: 'shop' }));
    expect(reply).toMatchObject({
      answer: { status: 'denied', decision: { basis: { step: 'block', ref: 'e_1' } } },
    });
  });
});

describe('a list entry whose value is erased', () => {
  test('leaves the list at once, and one of the same id that was added later stays', async () => {
    const harness = await started();
    await harness.submit(
      openCommand('a', 'allowed'),
      pay('p1'),
      blocked('e_1', 'mule'),
      blocked('e_2', 'other'),
    );
    await harness.submit({ type: 'RemoveListEntry', list: 'block', entryId: 'e_2' });
    await harness.submit(blocked('e_2', 'third'));
    const list = harness.resources.state.decisions.list('block');
    await harness.erase({ position: 1, record: 2 });
    expect(list.get('e_1')).toBeUndefined();
    await harness.erase({ position: 1, record: 3 });
    expect(list.entries().map(({ id, value }) => `${id} ${value}`)).toEqual(['e_2 third']);
  });

  test('is out of force after a replay as well', async () => {
    const harness = await started();
    await harness.submit(blocked('e_1', 'mule'), blocked('e_2', 'other'));
    await harness.erase({ position: 1, record: 0 });
    const live = dump(harness);
    await harness.stop();
    harness.store = createMemoryStateStore();
    await harness.start();
    expect(dump(harness)).toEqual(live);
  });

  test('that only the log has erased so far leaves the list when the log says so', async () => {
    const harness = await started();
    await harness.submit(blocked('e_1', 'mule'));
    await harness.resources.log.erasePersonal([1], (_, blob) => {
      const parts = new Map(decodePersonalParts(blob));
      parts.delete(0);
      return encodePersonalParts(parts);
    });
    await harness.submit(transferCommand('t', { debtor: 'a', creditor: 'b', amount: 1 }));
    expect(harness.resources.state.decisions.list('block').get('e_1')).toBeDefined();
    await harness.submit({ type: 'RecordErasure', reason: 'asked for', parts: [{ position: 1, record: 0 }] });
    expect(harness.resources.state.decisions.list('block').get('e_1')).toBeUndefined();
  });
});
