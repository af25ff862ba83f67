/** What a test of `test/integration` gets of the shared broker: its address, and names of its own. */
import { randomBytes } from 'node:crypto';

import { inject } from 'vitest';

export interface SharedKafka {
  readonly brokers: string[];
  /** A prefix for topics, groups and transactional ids that nobody has used before. */
  readonly prefix: string;
}

export function sharedKafka(): SharedKafka {
  return { brokers: [...inject('kafkaBrokers')], prefix: `test-${randomBytes(6).toString('hex')}` };
}
