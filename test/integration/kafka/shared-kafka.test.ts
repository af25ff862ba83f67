import { Kafka, logLevel } from 'kafkajs';
import { expect, test } from 'vitest';

import { sharedKafka } from '#test/support/kafka/shared-kafka.ts';
import { hasTool } from '#test/support/optional-tool.ts';

test.skipIf(!hasTool('kafka'))(
  'the shared broker makes a topic, and has not made one by itself (needs kafka)',
  async () => {
    const { brokers, prefix } = sharedKafka();
    const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    expect((await admin.listTopics()).filter((topic) => topic.startsWith(prefix))).toEqual([]);
    const topics = [{ topic: `${prefix}.events`, numPartitions: 2 }];
    expect(await admin.createTopics({ waitForLeaders: false, topics })).toBe(true);
    expect(await admin.createTopics({ waitForLeaders: false, topics })).toBe(false);
    await admin.disconnect();
  },
);
