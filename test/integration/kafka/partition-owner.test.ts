import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { TransactionalWriter, type WriterSettings } from '#src/adapters/kafka/transactional-writer.ts';
import { CLOCK_AHEAD_MAX_MS } from '#src/cluster/broker-clock.ts';
import type { Command } from '#src/domain/commands.ts';
import { decodeRow, decodeRowInputs } from '#src/domain/encoding/row-codec.ts';
import { CommitOutcomeUnknown } from '#src/ports/event-log-error.ts';
import type { LogRow } from '#src/ports/event-log.ts';
import { envelopeOf, openCommand, payCommand, transferCommand } from '#test/support/flow-harness.ts';
import { OwnerStage } from '#test/support/kafka/owner-stage.ts';
import { hasTool } from '#test/support/optional-tool.ts';

const FUNDING: readonly Command[] = [
  openCommand('bank', 'allowed'),
  openCommand('a', 'forbidden'),
  transferCommand('t1', { debtor: 'bank', creditor: 'a', amount: 1_000_000 }),
];

function payments(prefix: string, count: number): Command[] {
  return Array.from({ length: count }, (_, index) =>
    payCommand({ id: `${prefix}-${index}`, debtor: 'a', creditor: 'shop', amount: 100 }),
  );
}

/** How often each payment was received, in the log as it stands. */
function receptions(rows: readonly LogRow[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { events } of rows.flatMap(({ body }) => decodeRow(body))) {
    for (const event of events) {
      if (event.type !== 'PaymentReceived') continue;
      counts.set(event.facts.id, (counts.get(event.facts.id) ?? 0) + 1);
    }
  }
  return counts;
}

function once(prefix: string, count: number): ReadonlyMap<string, number> {
  return new Map(Array.from({ length: count }, (_, index) => [`${prefix}-${index}`, 1]));
}

describe.skipIf(!hasTool('kafka'))('the owner of a partition (needs kafka)', () => {
  let stage: OwnerStage;
  beforeEach(async () => {
    stage = await OwnerStage.open();
  });
  afterEach(() => stage.close());

  test('decides what stands in its topic, answers it, and says in each row how far it has read', async () => {
    await stage.startOwner();
    await stage.answered(await stage.send(...FUNDING, ...payments('p', 20)));
    const again = await stage.answered(await stage.send(...payments('p', 20)));
    expect(again[0]).toMatchObject({ type: 'answered', shard: 0, answer: { created: false } });
    await stage.answered(await stage.send(...payments('q', 1)));
    const rows = await stage.rows();
    expect(receptions(rows)).toEqual(new Map([...once('p', 20), ...once('q', 1)]));
    expect(decodeRowInputs(rows.at(-1)?.body ?? new Uint8Array())).toEqual({ commands: 44, messages: 0 });
  });

  test('that follows another goes on where the last row says, whatever the group has stored', async () => {
    const first = await stage.startOwner();
    await stage.answered(await stage.send(...FUNDING, ...payments('p', 5)));
    await first.stop();
    const { kafka, topics, prefix } = stage.test;
    const admin = kafka.admin();
    await admin.connect();
    const stored = await admin.fetchOffsets({ groupId: `${prefix}.workers`, topics: [topics.commands] });
    expect(stored[0]?.partitions[0]?.offset).toBe('8');
    await admin.disconnect();
    await storeOffset(2);
    const numbers = await stage.send(...payments('q', 5));
    stage.replies.clear();
    await stage.startOwner();
    await stage.answered(numbers);
    expect([...stage.replies.keys()]).toEqual(numbers);
    expect(receptions(await stage.rows())).toEqual(new Map([...once('p', 5), ...once('q', 5)]));
  });

  test.each(['busy', 'idle'] as const)(
    'that is %s and wakes while another takes over can commit nothing, and ends',
    async (kind) => {
      let wake: () => void = () => undefined;
      const paused = new Promise<void>((resolve) => (wake = resolve));
      let commits = 0;
      const sleeper = await stage.startOwner({
        openWriter: (settings) =>
          openWriterWith(settings, async () => {
            commits += 1;
            if (commits > 1) await paused;
          }),
      });
      await stage.answered(await stage.send(...FUNDING));
      if (kind === 'busy') await stage.send(...payments('p', 3));
      await stage.startOwner({
        async beforeTail() {
          wake();
          if (kind === 'idle') await stage.send(...payments('p', 3));
          expect(await sleeper.ended).toMatchObject({ fault: 'fenced' });
        },
      });
      await stage.answered(await stage.send(...payments('q', 1)));
      expect(receptions(await stage.rows())).toEqual(new Map([...once('p', 3), ...once('q', 1)]));
    },
  );

  test.each(['lost', 'kept'] as const)(
    'does everything once when the answer to a commit never came and the row was %s',
    async (outcome) => {
      let isNext = false;
      await stage.startOwner({
        openWriter: (settings) =>
          openWriterWith(settings, async (commit) => {
            if (!isNext) return;
            isNext = false;
            if (outcome === 'kept') await commit();
            throw new CommitOutcomeUnknown('io', 'the answer was lost');
          }),
      });
      await stage.answered(await stage.send(...FUNDING));
      isNext = true;
      await stage.send(...payments('p', 10));
      // Of a row that stands nobody reads the commands again: whoever waits for a reply asks again.
      await stage.answered(await stage.send(...payments('p', 10)));
      expect(isNext).toBe(false);
      expect(receptions(await stage.rows())).toEqual(once('p', 10));
    },
  );

  test('does everything once while owners shut each other out under load', async () => {
    await stage.startOwner();
    await stage.answered(await stage.send(...FUNDING));
    const numbers: number[] = [];
    for (let round = 0; round < 4; round++) {
      numbers.push(...(await stage.send(...payments(`r${round}`, 60))));
      await stage.startOwner();
    }
    await stage.answered(numbers);
    const rows = await stage.rows();
    const expected = [0, 1, 2, 3].flatMap((round) => [...once(`r${round}`, 60)]);
    expect(receptions(rows)).toEqual(new Map(expected));
    const read = rows.map(({ body }) => decodeRowInputs(body)?.commands ?? 0);
    expect(read).toEqual(read.toSorted((left, right) => left - right));
  });

  test('ends when what it has to read next has expired, and decides nothing behind the gap', async () => {
    const first = await stage.startOwner();
    await stage.answered(await stage.send(...FUNDING));
    await first.stop();
    await stage.send(...payments('p', 5));
    const { kafka, topics } = stage.test;
    const admin = kafka.admin();
    await admin.connect();
    await admin.fetchTopicOffsets(topics.commands);
    await admin.deleteTopicRecords({ topic: topics.commands, partitions: [{ partition: 0, offset: '6' }] });
    await admin.disconnect();
    const second = await stage.startOwner();
    expect(String(await second.ended)).toContain('goes from offset 6 to 8, and 3 is to be read next');
    expect(second.owner.readiness.ready).toBe(false);
    expect(receptions(await stage.rows())).toEqual(new Map());
  });

  test('refuses a command whose time is ahead of the broker, and goes on with the next', async () => {
    await stage.startOwner();
    await stage.answered(await stage.send(...FUNDING));
    const [late, good] = payments('p', 2).map((command) => envelopeOf(command));
    const ahead = Date.now() + CLOCK_AHEAD_MAX_MS + 600_000;
    const numbers = await stage.sendEnvelopes([{ ...envelopeOf(FUNDING[0] as Command), receivedAt: ahead }]);
    const [refused] = await stage.answered(numbers);
    expect(refused).toMatchObject({ answer: { type: 'RefusedAnswer', refusal: 'clock_ahead' } });
    await stage.answered(await stage.sendEnvelopes([late, good].flatMap((envelope) => envelope ?? [])));
    expect(receptions(await stage.rows())).toEqual(once('p', 2));
  });

  test('leaves out a command that nobody can read, and goes on with the next', async () => {
    await stage.startOwner();
    await stage.answered(await stage.send(...FUNDING));
    const producer = stage.test.kafka.producer();
    await producer.connect();
    const messages = [{ partition: 0, value: Buffer.from([255, 255, 255]) }];
    await producer.send({ topic: stage.test.topics.commands, messages });
    await producer.disconnect();
    await stage.answered(await stage.send(...payments('p', 2)));
    expect(receptions(await stage.rows())).toEqual(once('p', 2));
  });

  /** What the group says of how far commands were taken. */
  async function storeOffset(offset: number): Promise<void> {
    const { kafka, topics, prefix } = stage.test;
    const producer = kafka.producer({ transactionalId: `${prefix}.other`, idempotent: true });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.sendOffsets({
      consumerGroupId: `${prefix}.workers`,
      topics: [{ topic: topics.commands, partitions: [{ partition: 0, offset: String(offset) }] }],
    });
    await transaction.commit();
    await producer.disconnect();
  }
});

/** `before` may wait, fail, or commit and then fail. */
async function openWriterWith(
  settings: WriterSettings,
  before: (commit: () => Promise<unknown>) => Promise<void>,
) {
  const writer = await TransactionalWriter.open(settings);
  return {
    async commit(change: Parameters<TransactionalWriter['commit']>[0]) {
      await before(() => writer.commit(change));
      return writer.commit(change);
    },
    close: () => writer.close(),
  };
}
