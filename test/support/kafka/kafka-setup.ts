/**
 * The one broker that all tests of `test/integration` share: started before the first of them, ended after
 * the last. `VOUCH_KAFKA_BROKERS` names one that runs already, Redpanda for instance, instead.
 */
import type { TestProject } from 'vitest/node';

import { startKafka } from '#test/support/kafka/kafka-server.ts';
import { hasTool } from '#test/support/optional-tool.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Empty where there is no broker. */
    kafkaBrokers: readonly string[];
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = process.env['VOUCH_KAFKA_BROKERS']?.split(',');
  const server = running || !hasTool('kafka') ? undefined : await startKafka();
  project.provide('kafkaBrokers', running ?? server?.brokers ?? []);
  return async () => server?.stop();
}
