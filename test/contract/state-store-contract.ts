/** What every state store has to do, whatever keeps it. Called by the test of each adapter. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StateStore } from '#src/ports/state-store.ts';

export interface StateStoreHome {
  /** Opens the store where it was left. */
  open(): Promise<StateStore>;
  remove(): Promise<void>;
}

export function describeStateStore(name: string, createHome: () => Promise<StateStoreHome>): void {
  describe(name, () => {
    let home: StateStoreHome;
    let store: StateStore;

    beforeEach(async () => {
      home = await createHome();
      store = await home.open();
    });
    afterEach(async () => {
      await store.close();
      await home.remove();
    });

    async function entriesOf(prefix: string): Promise<string[]> {
      const found: string[] = [];
      for await (const [key, value] of store.entries(prefix)) found.push(`${key}=${value.join(',')}`);
      return found;
    }

    test('what was written is read, and what was not is undefined', async () => {
      await store.write({ puts: [{ key: 'a', value: Uint8Array.of(1, 2) }], deletes: [] });
      expect([...(store.get('a') ?? [])]).toEqual([1, 2]);
      expect(store.get('b')).toBeUndefined();
    });

    test('an empty value is not the same as none', async () => {
      await store.write({ puts: [{ key: 'a', value: new Uint8Array() }], deletes: [] });
      expect(store.get('a')).toHaveLength(0);
    });

    test('a later write replaces, and a delete takes away', async () => {
      const put = (key: string, value: number) => ({ key, value: Uint8Array.of(value) });
      await store.write({ puts: [put('a', 1), put('b', 2)], deletes: [] });
      await store.write({ puts: [put('a', 3)], deletes: ['b', 'never there'] });
      expect(await entriesOf('')).toEqual(['a=3']);
    });

    test('entries are those of the prefix, in the order of keys', async () => {
      const keys = ['x/2', 'x/10', 'y/1', 'x/é', 'w/9', 'x/'];
      await store.write({ puts: keys.map((key) => ({ key, value: Uint8Array.of(1) })), deletes: [] });
      expect(await entriesOf('x/')).toEqual(['x/=1', 'x/10=1', 'x/2=1', 'x/é=1']);
      expect(await entriesOf('z')).toEqual([]);
    });

    test('after a clear nothing is there, and it can be written again', async () => {
      await store.write({ puts: [{ key: 'a', value: Uint8Array.of(1) }], deletes: [] });
      await store.clear();
      expect(await entriesOf('')).toEqual([]);
      await store.write({ puts: [{ key: 'b', value: Uint8Array.of(2) }], deletes: [] });
      expect(await entriesOf('')).toEqual(['b=2']);
    });

    test('it is there again when it is opened again', async () => {
      await store.write({ puts: [{ key: 'a', value: Uint8Array.of(7) }], deletes: [] });
      await store.close();
      store = await home.open();
      expect(await entriesOf('')).toEqual(['a=7']);
    });
  });
}
