/** Which topics hold anything. */
import type { Kafka } from 'kafkajs';
import { askAgain } from './ask-again.ts';

/** Those of the topics in which something was written, markers of transactions included. */
export async function topicsInUse(kafka: Kafka, topics: readonly string[]): Promise<readonly string[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const used: string[] = [];
    for (const topic of topics) {
      const offsets = await askAgain(() => admin.fetchTopicOffsets(topic));
      if (offsets.some(({ high }) => Number(high) > 0)) used.push(topic);
    }
    return used;
  } finally {
    await admin.disconnect();
  }
}
