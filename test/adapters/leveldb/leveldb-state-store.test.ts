import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { describeStateStore } from '#test/contract/state-store-contract.ts';
import { makeTemporaryFolder } from '#test/support/temporary-folder.ts';

describeStateStore('a state store in LevelDB', async () => {
  const folder = await makeTemporaryFolder();
  return { open: () => openLevelDbStateStore(folder.path), remove: () => folder.remove() };
});
