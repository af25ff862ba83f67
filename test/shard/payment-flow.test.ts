import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '#src/domain/answer.ts';
import type { Command, CommandEnvelope } from '#src/domain/commands.ts';
import type { PolicyFile } from '#src/decision/policy-schema.ts';
import { sealPersonal } from '#src/ingest/seal-personal.ts';
import { START } from '#test/support/decision-setup.ts';
import { FlowInMemory, payOf, steeredScorer } from '#test/support/flow-setup.ts';

const MINUTE = 60_000;

function listEntry(list: 'block' | 'allow', entryId: string, value: string): Command {
  const personal = sealPersonal({ entity: value }, () => new Uint8Array(16));
  return { type: 'AddListEntry', entryId, list, kind: 'account', reason: 'known mule', personal };
}

function paymentOf(answer: Answer) {
  if (answer.type !== 'PaymentAnswer') throw new Error(`a ${answer.type}: ${JSON.stringify(answer)}`);
  return answer;
}

function eventTypes(flow: FlowInMemory): readonly string[] {
  return flow.records.flatMap(({ events }) => events.map(({ type }) => type));
}

describe('a list entry', () => {
  test('is in force for the next payment of the same batch, and no longer after its removal', async () => {
    const flow = new FlowInMemory();
    const commands: readonly Command[] = [
      payOf({ id: 'before' }),
      listEntry('block', 'e_1', 'customer:1'),
      payOf({ id: 'blocked' }),
      { type: 'RemoveListEntry', list: 'block', entryId: 'e_1' },
      payOf({ id: 'after' }),
    ];
    const answers = await flow.run(
      commands.map((command) => ({ command, actor: 'token:1', receivedAt: START })),
    );
    const statuses = answers.flatMap((answer) => (answer.type === 'PaymentAnswer' ? [answer.status] : []));
    expect(statuses).toEqual(['posted', 'denied', 'posted']);
  });

  test('names its maker, and is refused a second time', async () => {
    const flow = new FlowInMemory();
    await flow.runOne(listEntry('block', 'e_1', 'customer:1'));
    expect(flow.state.decisions.list('block').get('e_1')?.owner).toBe('token:1');
    expect(await flow.runOne(listEntry('block', 'e_1', 'customer:2'))).toMatchObject({ refusal: 'id_taken' });
    const unknown: Command = { type: 'RemoveListEntry', list: 'allow', entryId: 'e_1' };
    expect(await flow.runOne(unknown)).toMatchObject({ refusal: 'entry_unknown' });
  });
});

describe('a policy', () => {
  const activate = (version: string, thresholds: object): Command => ({
    type: 'ActivatePolicy',
    version,
    document: JSON.stringify({ version, thresholds }),
  });

  test('decides the next payment of the same batch', async () => {
    const flow = new FlowInMemory(
      {},
      steeredScorer(() => 0.5),
    );
    const commands = [
      payOf({ id: 'before' }),
      activate('test.2', { review: 2, deny: 0.5 }),
      payOf({ id: 'after' }),
    ];
    const answers = await flow.run(
      commands.map((command) => ({ command, actor: 'token:1', receivedAt: START })),
    );
    expect(answers[0]).toMatchObject({ decision: { outcome: 'review', policy: 'test.1' } });
    expect(answers[2]).toMatchObject({ decision: { outcome: 'deny', policy: 'test.2' } });
  });

  test('with a mistake is refused with its path, and the one in force stays', async () => {
    const flow = new FlowInMemory(
      {},
      steeredScorer(() => 0.5),
    );
    const answer = await flow.runOne(activate('test.2', { review: -1, deny: 0.5 }));
    expect(answer).toMatchObject({
      refusal: 'policy_invalid',
      detail: expect.stringMatching(/^thresholds\.review: /) as string,
    });
    expect(flow.state.decisions.policy.version).toBe('test.1');
  });
});

describe('a payment in review', () => {
  const approve: Command = {
    type: 'DecideReview',
    paymentId: 'pay_1',
    outcome: 'approve',
    reason: 'known customer',
  };
  const deny: Command = { type: 'DecideReview', paymentId: 'pay_1', outcome: 'deny', reason: 'stolen' };
  const applied: Command = { type: 'ApplyReview', paymentId: 'pay_1' };
  const inReview = async (file: Partial<PolicyFile> = {}) => {
    const flow = new FlowInMemory(
      file,
      steeredScorer(() => 0.5),
    );
    expect(paymentOf(await flow.runOne(payOf()))).toMatchObject({ status: 'pending', awaiting: 'review' });
    return flow;
  };

  test('is posted by a reviewer’s approval at once where nothing can be taken back', async () => {
    const flow = await inReview();
    await flow.runOne(approve);
    expect(eventTypes(flow).slice(-2)).toEqual(['ReviewDecided', 'PaymentPosted']);
    const [, posted] = flow.records.at(-1)?.events ?? [];
    expect(posted).toMatchObject({ transaction: { approval: { kind: 'reviewer', ref: 'token:1' } } });
  });

  test('keeps its money where it is until the undo time has passed', async () => {
    const flow = await inReview({ review: { undoSeconds: 5 } });
    await flow.runOne(deny, START + 1_000);
    expect(flow.state.ledger.payments.get('pay_1')?.status).toBe('pending');
    await flow.runOne(applied, START + 5_999);
    expect(flow.state.ledger.payments.get('pay_1')?.status).toBe('pending');
    await flow.runOne(applied, START + 6_000);
    expect(flow.state.ledger.payments.get('pay_1')?.status).toBe('denied');
    expect(eventTypes(flow).filter((type) => type === 'PaymentDenied')).toHaveLength(1);
  });

  test('that is decided is not decided again by somebody else, nor expires before the effect', async () => {
    const flow = await inReview({ review: { undoSeconds: 3_600, expiresAfter: 'PT1M' } });
    await flow.runOne(approve, START + MINUTE - 1);
    expect(await flow.runOne(deny, START + MINUTE - 1)).toMatchObject({ refusal: 'not_in_review' });
    await flow.runOne({ type: 'ExpirePayment', paymentId: 'pay_1' }, START + 2 * MINUTE);
    expect(flow.state.ledger.payments.get('pay_1')?.status).toBe('pending');
    await flow.runOne(applied, START + 2 * 60 * MINUTE);
    expect(flow.state.ledger.payments.get('pay_1')?.status).toBe('posted');
  });

  test('that nobody decides expires at its time, and not before', async () => {
    const flow = await inReview({ review: { expiresAfter: 'PT1H' } });
    const expire: Command = { type: 'ExpirePayment', paymentId: 'pay_1' };
    await flow.runOne(expire, START + 60 * MINUTE - 1);
    expect(flow.state.ledger.payments.get('pay_1')?.status).toBe('pending');
    await flow.runOne(expire, START + 60 * MINUTE);
    expect(flow.state.ledger.payments.get('pay_1')?.status).toBe('expired');
  });
});

describe('a payment that was degraded', () => {
  const rescore: Command = { type: 'RescorePayment', paymentId: 'pay_1' };
  const degraded = async (score: number) => {
    const flow = new FlowInMemory(
      {},
      steeredScorer(() => score),
    );
    flow.scorer.isDown = true;
    expect(paymentOf(await flow.runOne(payOf()))).toMatchObject({
      status: 'pending',
      awaiting: 'rescore',
      decision: { outcome: 'review', basis: { step: 'degraded', ref: 'model' }, degraded: ['model'] },
    });
    return flow;
  };

  test('goes on waiting while the cause lasts', async () => {
    const flow = await degraded(0.01);
    await flow.runOne(rescore);
    expect(flow.state.ledger.payments.get('pay_1')).toMatchObject({ awaiting: 'rescore', decisions: 1 });
  });

  test.each([
    [0.01, { status: 'posted' }],
    [0.5, { status: 'pending', awaiting: 'review' }],
    [0.9, { status: 'denied' }],
  ])('is decided anew when it can be scored: %d', async (score, expected) => {
    const flow = await degraded(score);
    flow.scorer.isDown = false;
    await flow.runOne(rescore, START + MINUTE);
    expect(flow.state.ledger.payments.get('pay_1')).toMatchObject({ ...expected, decisions: 2 });
    expect(flow.records.at(-1)?.events[0]).toMatchObject({ decision: { number: 2, degraded: [] } });
  });

  test('meets the lists that are in force when it is scored again', async () => {
    const flow = await degraded(0.01);
    flow.scorer.isDown = false;
    await flow.runOne(listEntry('block', 'e_1', 'customer:1'));
    await flow.runOne(rescore);
    expect(flow.state.ledger.payments.get('pay_1')?.status).toBe('denied');
  });

  test('expires at its own deadline', async () => {
    const flow = await degraded(0.01);
    await flow.runOne({ type: 'ExpirePayment', paymentId: 'pay_1' }, START + 4 * 60 * MINUTE);
    expect(flow.state.ledger.payments.get('pay_1')?.status).toBe('expired');
  });
});

describe('a challenged payment', () => {
  const file: Partial<PolicyFile> = { thresholds: { challenge: 0.1, review: 0.4, deny: 0.8 } };
  const answerOf = (result: 'passed' | 'failed'): Command => ({
    type: 'AnswerChallenge',
    paymentId: 'pay_1',
    result,
  });

  test.each([
    ['passed', 'posted'],
    ['failed', 'denied'],
  ] as const)('%s is %s', async (result, status) => {
    const flow = new FlowInMemory(
      file,
      steeredScorer(() => 0.2),
    );
    expect(paymentOf(await flow.runOne(payOf()))).toMatchObject({ awaiting: 'challenge' });
    await flow.runOne(answerOf(result));
    expect(flow.state.ledger.payments.get('pay_1')?.status).toBe(status);
  });

  test('that is met while the stand-in scores names it, and waits to be scored again', async () => {
    const flow = new FlowInMemory(
      file,
      steeredScorer(() => 0.2),
    );
    await flow.runOne(payOf());
    flow.scorer.isDown = true;
    await flow.runOne(answerOf('passed'));
    const [, decided] = flow.records.at(-1)?.events ?? [];
    expect(decided).toMatchObject({ decision: { number: 2, model: 'net@1/stand-in', degraded: ['model'] } });
    expect(flow.state.ledger.payments.get('pay_1')).toMatchObject({ status: 'pending', awaiting: 'rescore' });
  });

  test('may be answered in the batch that brings it', async () => {
    const flow = new FlowInMemory(
      file,
      steeredScorer(() => 0.2),
    );
    const commands = [payOf(), answerOf('passed')];
    await flow.run(commands.map((command) => ({ command, actor: 'token:1', receivedAt: START })));
    expect(flow.state.ledger.payments.get('pay_1')?.status).toBe('posted');
  });
});

describe('a verification', () => {
  test('is scored, holds nothing and ends recorded', async () => {
    const flow = new FlowInMemory(
      {},
      steeredScorer(() => 0.5),
    );
    const answer = paymentOf(await flow.runOne(payOf({ amount: 0, channel: 'verification' })));
    expect(answer).toMatchObject({ status: 'recorded', decision: { outcome: 'review', score: 0.5 } });
    expect(eventTypes(flow)).not.toContain('PaymentAwaits');
  });
});

describe('however commands are cut into batches', () => {
  const FILE: Partial<PolicyFile> = {
    thresholds: { challenge: 0.3, review: 0.4, deny: 0.7 },
    limits: [{ entity: 'card', metric: 'attempts', window: 'PT10M', above: 6, then: 'deny', code: 'busy' }],
    review: { maxPerHour: 3, overflow: 'deny', expiresAfter: 'PT1H', undoSeconds: 2 },
    breaker: { window: 'PT10M', minimumDecisions: 8, aboveShare: 0.3 },
  };
  const id = fc.integer({ min: 1, max: 12 }).map((number) => `pay_${number}`);
  const debtor = fc.constantFrom('customer:1', 'customer:2', 'merchant:1');
  const command: fc.Arbitrary<Command> = fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .record({ id, debtor, creditor: fc.constantFrom('merchant:1', 'merchant:2'), amount: fc.nat(3) })
        .filter((facts) => facts.debtor !== facts.creditor)
        .map(({ amount, ...facts }) =>
          payOf({ ...facts, amount: amount * 100, channel: amount ? 'web' : 'verification' }),
        ),
    },
    fc.constantFrom('block', 'allow').map((list) => listEntry(list, `e_${list}`, 'customer:2')),
    fc.constant<Command>({ type: 'RemoveListEntry', list: 'block', entryId: 'e_block' }),
    id.map((paymentId): Command => ({
      type: 'DecideReview',
      paymentId,
      outcome: 'approve',
      reason: 'known',
    })),
    id.map((paymentId): Command => ({ type: 'ApplyReview', paymentId })),
    id.map((paymentId): Command => ({ type: 'AnswerChallenge', paymentId, result: 'passed' })),
    id.map((paymentId): Command => ({ type: 'ExpirePayment', paymentId })),
  );
  const timed = fc.record({ command, stepMs: fc.constantFrom(-40_000, 0, 0, 500, 20_000, 90_000) });

  /** Any function of the row does; this one makes every outcome common. */
  const scoreOf = ([attempts = 0, posted = 0, holds = 0]: Float32Array) =>
    ((attempts * 5 + posted * 3 + holds * 7) % 10) / 10;

  async function outcomeOf(envelopes: readonly CommandEnvelope[], cuts: readonly number[]) {
    const flow = new FlowInMemory(FILE, steeredScorer(scoreOf));
    const answers: Answer[] = [];
    const bounds = [...new Set([0, ...cuts.map((cut) => cut % envelopes.length), envelopes.length])].toSorted(
      (a, b) => a - b,
    );
    for (const [index, end] of bounds.slice(1).entries()) {
      answers.push(...(await flow.run(envelopes.slice(bounds[index], end))));
    }
    const { entries, ...counted } = flow.state.decisions.toSnapshot();
    // Where an entry stands in the log is the cut's own.
    const lists = entries.map((entry) => ({ ...entry, addedIn: undefined }));
    return { answers, records: flow.records, lists, counted };
  }

  test('the events, vectors, entries and answers are the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(timed, { minLength: 1, maxLength: 40 }),
        fc.array(fc.nat(39), { maxLength: 12 }),
        async (steps, cuts) => {
          let receivedAt = START;
          const envelopes = steps.map((step): CommandEnvelope => {
            receivedAt += step.stepMs;
            return { command: step.command, actor: 'token:1', receivedAt };
          });
          const oneByOne = await outcomeOf(
            envelopes,
            envelopes.map((_, index) => index),
          );
          expect(await outcomeOf(envelopes, cuts)).toEqual(oneByOne);
        },
      ),
    );
  });
});
