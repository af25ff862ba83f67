import { describe } from 'vitest';
import { MemoryEntityLogStore } from '#src/adapters/memory/memory-entity-log-store.ts';
import { describeEntityLogStore } from '#test/contract/entity-log-store-contract.ts';

describe('shared entity logs in memory', () => {
  describeEntityLogStore(async () => new MemoryEntityLogStore());
});
