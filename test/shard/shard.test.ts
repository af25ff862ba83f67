import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Command } from '#src/domain/commands.ts';
import { openCommand, payCommand, transferCommand } from '#test/support/flow-harness.ts';
import { ShardHarness, type CommandReply } from '#test/support/shard-harness.ts';

const DAY_MS = 24 * 3_600_000;
const running: ShardHarness[] = [];

async function started(prepare: (harness: ShardHarness) => void = () => {}): Promise<ShardHarness> {
  const harness = new ShardHarness();
  prepare(harness);
  await harness.start();
  running.push(harness);
  return harness;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((harness) => harness.stop()));
});

const FUNDING: readonly Command[] = [
  openCommand('bank', 'allowed'),
  openCommand('a', 'forbidden'),
  transferCommand('t1', { debtor: 'bank', creditor: 'a', amount: 1_000 }),
];
const pay = (id: string, amount = 100) => payCommand({ id, debtor: 'a', creditor: 'shop', amount });

function statuses(replies: readonly CommandReply[]): readonly string[] {
  return replies.map((reply) => {
    if (reply.type === 'unavailable') return reply.cause;
    return reply.answer.type === 'PaymentAnswer' ? reply.answer.status : reply.answer.type;
  });
}

describe('a shard', () => {
  test('answers in order, once what it did is in the log', async () => {
    const harness = await started();
    const replies = await harness.submit(...FUNDING, pay('p1'), pay('p2', 109), pay('p3', 5_000));
    expect(statuses(replies)).toEqual([
      'DoneAnswer',
      'DoneAnswer',
      'DoneAnswer',
      'posted',
      'denied',
      'rejected',
    ]);
    expect(harness.log.rows).toHaveLength(1);
    expect(replies.at(-1)).toMatchObject({ position: 1 });
  });

  test('takes what arrives together as one batch, and leaves no row for what changes nothing', async () => {
    const harness = await started();
    await harness.submit(...FUNDING, pay('p1'));
    const [again] = await harness.submit(pay('p1'));
    expect(again).toMatchObject({ answer: { type: 'DoneAnswer', created: false }, position: 1 });
    expect(harness.log.rows).toHaveLength(1);
    expect(harness.batchSizes).toEqual([4, 1]);
  });

  test('cuts a batch at a minute of shard time, and still answers everything in order', async () => {
    const harness = await started();
    const commands = [...FUNDING, pay('p1'), pay('p2', 109), pay('p3')];
    const replies = await harness.submitAt(
      commands.map((command, index) => [command, harness.now + index * 25_000]),
    );
    expect(statuses(replies).slice(3)).toEqual(['posted', 'denied', 'posted']);
    expect(harness.log.rows).toHaveLength(2);
  });

  test('that is stopped finishes what it took in, and turns away what comes later', async () => {
    const harness = await started();
    const accepted = harness.submit(...FUNDING, pay('p1'));
    const stopped = harness.shard.stop();
    const late = harness.submit(pay('p2'));
    expect(statuses(await accepted).at(-1)).toBe('posted');
    expect(statuses(await late)).toEqual(['stopping']);
    await stopped;
    expect(harness.openHandles).toBe(0);
  });
});

describe('a commit that fails', () => {
  test.each(['lost', 'kept'] as const)(
    'and whose row was %s is answered unavailable, and the same commands sent again settle it',
    async (fault) => {
      const harness = await started();
      await harness.submit(...FUNDING);
      harness.log.nextCommitFault = fault;
      const commands = [pay('p1'), pay('p2', 109)];
      expect(statuses(await harness.submit(...commands))).toEqual(['outcome_unknown', 'outcome_unknown']);
      await harness.ready();
      const again = statuses(await harness.submit(...commands));
      expect(again).toEqual(fault === 'kept' ? ['DoneAnswer', 'DoneAnswer'] : ['posted', 'denied']);
      expect(harness.resources.state.ledger.accounts.get('shop')?.posted).toBe(100n);
      expect(harness.eventTypes().filter((type) => type === 'PaymentPosted')).toHaveLength(1);
    },
  );

  test('is told to each command once, also to those that did not fit in the batch', async () => {
    const harness = await started();
    await harness.submit(...FUNDING);
    harness.log.nextCommitFault = 'lost';
    const timed = ['p1', 'p2', 'p3'].map((id, at) => [pay(id), harness.now + at * 40_000] as const);
    const replies = await harness.submitAt(timed);
    expect(statuses(replies)).toEqual(['outcome_unknown', 'outcome_unknown', 'outcome_unknown']);
    await harness.ready();
    expect(statuses(await harness.submitAt(timed))).toEqual(['posted', 'posted', 'posted']);
    expect(harness.failures).toHaveLength(1);
  });

  test('shows in the readiness, which comes back with the log', async () => {
    const harness = await started();
    harness.log.nextCommitFault = 'lost';
    await harness.submit(...FUNDING);
    await harness.ready();
    expect(harness.readiness).toEqual([
      { ready: true },
      { ready: false, reasons: ['the commit failed'] },
      { ready: true },
    ]);
  });

  test('for want of space is tried again until there is space, and nothing is half done', async () => {
    const harness = await started();
    await harness.submit(...FUNDING);
    harness.log.full = true;
    expect(statuses(await harness.submit(pay('p1')))).toEqual(['outcome_unknown']);
    expect(statuses(await harness.submit(pay('p1')))).toEqual(['outcome_unknown']);
    harness.log.full = false;
    await harness.ready();
    expect(statuses(await harness.submit(pay('p1')))).toEqual(['posted']);
    expect(harness.log.rows).toHaveLength(2);
  });

  test('leaves no handle open, whatever can be opened again', async () => {
    const harness = await started();
    harness.faults.openStore = true;
    harness.log.nextCommitFault = 'lost';
    await harness.submit(...FUNDING);
    await vi.waitFor(() => expect(harness.failures.length).toBeGreaterThan(1), { timeout: 60_000 });
    expect(harness.openHandles).toBe(0);
    harness.faults.openStore = false;
    await harness.ready();
    expect(harness.openHandles).toBe(2);
  });

  test('is survived also when what was open cannot be closed', async () => {
    const harness = await started();
    harness.faults.storeClose = true;
    harness.log.nextCommitFault = 'kept';
    await harness.submit(...FUNDING);
    await harness.ready();
    harness.faults.storeClose = false;
    expect(statuses(await harness.submit(pay('p1')))).toEqual(['posted']);
    expect(harness.failures.at(-1)).toBeInstanceOf(AggregateError);
  });
});

describe('what is due', () => {
  test('expires by the clock and not before, with nobody asking', async () => {
    const harness = await started();
    await harness.submit(...FUNDING, pay('p1', 108));
    harness.now += DAY_MS - 1;
    await harness.submit(transferCommand('t2', { debtor: 'bank', creditor: 'a', amount: 1 }));
    expect(harness.resources.state.ledger.payments.get('p1')?.status).toBe('pending');
    harness.now += 1;
    await vi.waitFor(() => expect(harness.eventTypes()).toContain('PaymentExpired'));
    expect(harness.records().at(-1)).toMatchObject({ actor: 'system', cause: 'ExpirePayment' });
    expect(harness.resources.state.ledger.accounts.get('a')?.heldDebits).toBe(0n);
  });

  test('is due also after a restart, from the checkpoint and from the rows behind it', async () => {
    const harness = await started();
    await harness.submit(...FUNDING, pay('p1', 108));
    await harness.stop();
    await harness.start();
    await harness.submit(pay('p2', 118));
    harness.log.nextCommitFault = 'lost';
    await harness.submit(pay('p3', 128));
    harness.now += DAY_MS;
    await vi.waitFor(() => {
      expect(harness.eventTypes().filter((type) => type === 'PaymentExpired')).toHaveLength(2);
    });
  });

  test('takes effect once, when a review can be taken back for a while', async () => {
    const harness = await started();
    const document = 'version: "2"\nthresholds: { review: 0.5, deny: 0.9 }\nreview: { undoSeconds: 5 }\n';
    await harness.submit(...FUNDING, { type: 'ActivatePolicy', version: '2', document }, pay('p1', 108), {
      type: 'DecideReview',
      paymentId: 'p1',
      outcome: 'approve',
      reason: 'known',
    });
    harness.now += 4_999;
    await harness.submit(transferCommand('t2', { debtor: 'bank', creditor: 'a', amount: 1 }));
    expect(harness.eventTypes()).not.toContain('PaymentPosted');
    harness.now += 1;
    await vi.waitFor(() => expect(harness.eventTypes()).toContain('PaymentPosted'));
    harness.now += 2 * DAY_MS;
    await harness.submit(transferCommand('t3', { debtor: 'bank', creditor: 'a', amount: 1 }));
    expect(harness.eventTypes()).not.toContain('PaymentExpired');
  });

  test('is scored again when the model is back, and left alone while it is away', async () => {
    const harness = await started();
    harness.faults.scorerDown = true;
    await harness.submit(...FUNDING, pay('p1'), pay('p2', 108));
    const { payments } = harness.resources.state.ledger;
    expect(payments.get('p1')).toMatchObject({ status: 'pending', awaiting: 'rescore' });
    harness.now += 1_000;
    await harness.submit(transferCommand('t2', { debtor: 'bank', creditor: 'a', amount: 1 }));
    expect(payments.get('p1')?.awaiting).toBe('rescore');
    harness.faults.scorerDown = false;
    harness.now += 1_000;
    await vi.waitFor(() => expect(payments.get('p2')?.awaiting).toBe('review'));
    expect(payments.get('p1')).toMatchObject({ status: 'posted', decisions: 2 });
  });

  test('and no longer stands makes no work', async () => {
    const harness = await started();
    const held = payCommand({ id: 'p1', debtor: 'a', creditor: 'shop', amount: 108, capture: 'manual' });
    const approve = { type: 'DecideReview', paymentId: 'p1', outcome: 'approve', reason: 'known' } as const;
    await harness.submit(...FUNDING, held, approve);
    harness.now += DAY_MS;
    await harness.submit(transferCommand('t2', { debtor: 'bank', creditor: 'a', amount: 1 }));
    expect(harness.batchSizes).toEqual([5, 1]);
    expect(harness.resources.state.ledger.payments.get('p1')?.awaiting).toBe('capture');
  });

  test('is tried once and then rests, while the model is away', async () => {
    const harness = await started();
    harness.faults.scorerDown = true;
    await harness.submit(...FUNDING, pay('p1'), pay('p2'));
    await vi.waitFor(() => expect(harness.batchSizes).toHaveLength(2));
    await harness.submit(transferCommand('t2', { debtor: 'bank', creditor: 'a', amount: 1 }));
    expect(harness.batchSizes).toEqual([5, 2, 1]);
  });
});

describe('state that cannot be written', () => {
  test('after a batch that was answered costs no answer and no second one', async () => {
    const harness = await started();
    const { resources } = harness;
    resources.afterBatch = () => Promise.reject(new Error('no space for histories'));
    expect(statuses(await harness.submit(...FUNDING, pay('p1'))).at(-1)).toBe('posted');
    await vi.waitFor(() => expect(harness.failures).toHaveLength(1));
    await harness.ready();
    expect(statuses(await harness.submit(pay('p2')))).toEqual(['posted']);
    expect(harness.failures).toEqual([new Error('no space for histories')]);
    expect(harness.resources).not.toBe(resources);
  });

  test('while the shard is idle does not end it', async () => {
    const harness = await started();
    harness.resources.whileIdle = () => Promise.reject(new Error('no space for histories'));
    await harness.submit(...FUNDING);
    await vi.waitFor(() => expect(harness.failures).toHaveLength(1));
    await harness.ready();
    expect(statuses(await harness.submit(pay('p1')))).toEqual(['posted']);
  });

  test('with a checkpoint opens the shard again, and the checkpoint is written when it can be', async () => {
    const harness = await started((one) => (one.checkpointEveryCommands = 1));
    harness.faults.storeWrite = true;
    expect(statuses(await harness.submit(...FUNDING, pay('p1'))).at(-1)).toBe('posted');
    await vi.waitFor(() => expect(harness.failures.length).toBeGreaterThan(0));
    expect(harness.failures[0]).toMatchObject({ message: 'the checkpoint was not written' });
    harness.faults.storeWrite = false;
    await harness.ready();
    expect(statuses(await harness.submit(pay('p2')))).toEqual(['posted']);
    await vi.waitFor(() => expect(harness.store.get('meta/checkpoint')).toBeDefined());
  });

  test('at the end is said, and everything is closed', async () => {
    const harness = await started();
    await harness.submit(...FUNDING);
    harness.faults.storeWrite = true;
    await expect(harness.shard.stop()).rejects.toThrow('no space for state');
    expect(harness.openHandles).toBe(0);
    running.splice(0);
  });
});
