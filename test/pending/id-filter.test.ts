import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMemoryStateStore } from '#src/adapters/memory/memory-state-store.ts';
import { IdFilterStore } from '#src/pending/id-filter-store.ts';
import { IdFilter } from '#src/pending/id-filter.ts';
import type { StateStore } from '#src/ports/state-store.ts';

const FIRST_LAYER_IDS = 16;

function numberedIds(count: number, prefix = 'pay_'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

function open(store: StateStore): Promise<IdFilterStore> {
  return IdFilterStore.open(store, new IdFilter(FIRST_LAYER_IDS));
}

describe('an id filter', () => {
  test('has never forgotten an id, through all its layers', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 200, size: 'max' }), (ids) => {
        const filter = new IdFilter(FIRST_LAYER_IDS);
        for (const id of ids) filter.add(id);
        for (const id of ids) expect(filter.mayContain(id)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ['numbered one after the other', (index: number) => `pay_${index}`],
    ['numbered with a common end', (index: number) => `${index}:authorisation`],
    [
      'in hexadecimal of one length',
      (index: number) => (index * 2_654_435_761).toString(16).padStart(16, '0'),
    ],
  ])('tells unknown ids %s from known ones but for 1 in 100 at most', (_name, idOf) => {
    const filter = new IdFilter(20_000);
    for (let index = 0; index < 20_000; index++) filter.add(idOf(index));
    let maybes = 0;
    for (let index = 20_000; index < 60_000; index++) if (filter.mayContain(idOf(index))) maybes++;
    expect(maybes / 40_000).toBeLessThan(0.01);
  });

  test('knows nothing at first', () => {
    expect(new IdFilter().mayContain('pay_1')).toBe(false);
  });

  test('fills a layer before it begins the next, which is twice as large', () => {
    const filter = new IdFilter(FIRST_LAYER_IDS);
    for (const id of numberedIds(FIRST_LAYER_IDS)) filter.add(id);
    expect(filter.fullLayers).toHaveLength(0);
    for (const id of numberedIds(2 * FIRST_LAYER_IDS, 'b')) filter.add(id);
    expect(filter.fullLayers.map(({ capacity }) => capacity)).toEqual([FIRST_LAYER_IDS]);
    filter.add('one more');
    expect(filter.fullLayers.map(({ capacity }) => capacity)).toEqual([FIRST_LAYER_IDS, 2 * FIRST_LAYER_IDS]);
  });
});

describe('an id filter on its store', () => {
  type Act = { readonly add: number } | 'checkpoint' | 'restart';

  const acts = fc.array(
    fc.oneof<fc.Arbitrary<Act>[]>(
      fc.integer({ min: 1, max: 30 }).map((add) => ({ add })),
      fc.constant('checkpoint'),
      fc.constant('restart'),
    ),
    { maxLength: 40, size: 'max' },
  );

  test('has after any restarts every id of its last checkpoint', async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (steps) => {
        const store = createMemoryStateStore();
        let filter = await open(store);
        let written: readonly string[] = [];
        let known: string[] = [];
        for (const [at, step] of steps.entries()) {
          if (step === 'checkpoint') {
            await store.write(filter.takeWrites());
            written = [...known];
          } else if (step === 'restart') {
            filter = await open(store);
            known = [...written];
          } else {
            const added = numberedIds(step.add, `${at}_`);
            for (const id of added) filter.add(id);
            known.push(...added);
          }
          expect(known.filter((id) => !filter.mayContain(id))).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('keeps no lists of what its full layers hold, and writes none where nothing was added', async () => {
    const store = createMemoryStateStore();
    const filter = await open(store);
    for (const ids of [numberedIds(10), numberedIds(10, 'b'), numberedIds(40, 'c')]) {
      for (const id of ids) filter.add(id);
      await store.write(filter.takeWrites());
    }
    const keys: string[] = [];
    for await (const [key] of store.entries('ids/')) keys.push(key);
    expect(keys).toEqual(['ids/added/0000000002', 'ids/layer/0000000000', 'ids/layer/0000000001']);
    expect(filter.takeWrites()).toEqual({ puts: [], deletes: [] });
  });
});
