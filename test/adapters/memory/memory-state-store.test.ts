import { createMemoryStateStore } from '#src/adapters/memory/memory-state-store.ts';
import { describeStateStore } from '#test/contract/state-store-contract.ts';

describeStateStore('a state store in memory', async () => {
  const store = createMemoryStateStore();
  return { open: async () => store, remove: async () => undefined };
});
