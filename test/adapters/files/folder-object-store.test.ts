import { folderObjectStore } from '#src/adapters/files/folder-object-store.ts';
import { describeObjectStore } from '#test/contract/object-store-contract.ts';

describeObjectStore('an object store in a folder', folderObjectStore);
