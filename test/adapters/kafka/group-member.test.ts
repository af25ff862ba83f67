import { setImmediate as turn } from 'node:timers/promises';
import { Kafka, logLevel, type ConsumerConfig } from 'kafkajs';
import { describe, expect, test, vi } from 'vitest';
import { GroupMember, type GroupConsumer } from '#src/adapters/kafka/group-member.ts';

const { events } = new Kafka({ brokers: ['127.0.0.1:1'], logLevel: logLevel.NOTHING }).consumer({
  groupId: 'unused',
});

/** A consumer without a broker: joins and crashes when the test says so. */
class TestConsumer implements GroupConsumer {
  readonly events = events;
  readonly config: ConsumerConfig;
  isIn = false;
  isDisconnected = false;
  readonly #listeners = new Map<string, (event: never) => void>();
  readonly #running = Promise.withResolvers<void>();
  readonly #calls: string[];

  constructor(config: ConsumerConfig, calls: string[]) {
    this.config = config;
    this.#calls = calls;
    calls.push(`${config.groupId} begins`);
  }

  connect = () => Promise.resolve();
  subscribe = () => Promise.resolve();
  run = () => this.#running.promise;
  seek = () => undefined;
  pause = () => undefined;
  resume = () => undefined;
  commitOffsets = () => Promise.resolve();
  on: GroupConsumer['on'] = (name: string, listener: (event: never) => void) => {
    this.#listeners.set(name, listener);
    return () => void this.#listeners.delete(name);
  };

  disconnect = (): Promise<void> => {
    this.isIn = false;
    this.isDisconnected = true;
    this.#calls.push(`${this.config.groupId} leaves`);
    return Promise.resolve();
  };

  /** The group has given it its partitions; also when it was told to leave meanwhile, as the client does. */
  join(): void {
    this.isIn = true;
    this.#tell(events.GROUP_JOIN, { memberId: this.config.groupId, memberAssignment: {} });
    this.#running.resolve();
  }

  crash(): void {
    this.isIn = false;
    this.#tell(events.STOP, null);
    this.#tell(events.CRASH, { error: new Error('the broker is away'), restart: false });
    this.#running.resolve();
  }

  #tell(name: string, payload: object | null): void {
    this.#listeners.get(name)?.({ payload } as never);
  }
}

interface Stage {
  readonly consumers: TestConsumer[];
  readonly calls: string[];
  readonly member: Promise<GroupMember>;
}

function open(): Stage {
  const consumers: TestConsumer[] = [];
  const calls: string[] = [];
  const member = GroupMember.open({
    kafka: {
      consumer(config) {
        const consumer = new TestConsumer(config, calls);
        consumers.push(consumer);
        return consumer;
      },
    },
    nextGroupId: () => `group ${consumers.length}`,
    topics: ['payments'],
    partitionsAtOnce: 1,
    consumer: {},
    onBegin: () => undefined,
    onJoined: () => undefined,
    onBatch: () => Promise.resolve(),
  });
  return { consumers, calls, member };
}

async function joined({ consumers, member }: Stage): Promise<GroupMember> {
  await turn();
  consumers.at(-1)?.join();
  return member;
}

function begun({ consumers }: Stage, count: number): Promise<void> {
  return vi.waitFor(() => expect(consumers).toHaveLength(count), { timeout: 60_000, interval: 10 });
}

describe('a member of a group', () => {
  test('is not begun again by the client, which does so behind the back of whoever stops it', async () => {
    const stage = open();
    const member = await joined(stage);
    const restart = stage.consumers[0]?.config.retry?.restartOnFailure;
    expect(await restart?.(new Error('any'))).toBe(false);
    await member.close();
  });

  test('that crashes is nothing that could be told anything, and another consumer once it has left', async () => {
    const stage = open();
    const member = await joined(stage);
    expect(member.consumer).toBe(stage.consumers[0]);
    stage.consumers[0]?.crash();
    expect(member.consumer).toBeUndefined();
    await begun(stage, 2);
    expect(member.consumer).toBeUndefined();
    await joined(stage);
    expect(member.consumer).toBe(stage.consumers[1]);
    expect(stage.calls).toEqual(['group 0 begins', 'group 0 leaves', 'group 1 begins']);
    await member.close();
  });

  test('that crashes while it is told to join anew is one consumer afterwards', async () => {
    const stage = open();
    const member = await joined(stage);
    const rejoined = member.rejoin();
    stage.consumers[0]?.crash();
    await rejoined;
    await begun(stage, 2);
    await joined(stage);
    expect(stage.consumers.filter(({ isIn }) => isIn)).toHaveLength(1);
    await member.close();
    expect(stage.consumers.filter(({ isIn }) => isIn)).toHaveLength(0);
    expect(stage.consumers).toHaveLength(2);
  });

  test('that is closed while it joins again has left when that is done', async () => {
    const stage = open();
    const member = await joined(stage);
    stage.consumers[0]?.crash();
    await begun(stage, 2);
    const closed = member.close();
    await turn();
    expect(stage.consumers[1]?.isDisconnected).toBe(false);
    stage.consumers[1]?.join();
    await closed;
    expect(stage.consumers.filter(({ isIn }) => isIn)).toHaveLength(0);
    expect(stage.consumers).toHaveLength(2);
  });

  test('that cannot join at first says why, and leaves nothing behind', async () => {
    const stage = open();
    await turn();
    stage.consumers[0]?.crash();
    await expect(stage.member).rejects.toThrow('the broker is away');
    expect(stage.consumers.map(({ isDisconnected }) => isDisconnected)).toEqual([true]);
  });
});
