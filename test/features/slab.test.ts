import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntityIndex } from '#src/features/history/entity-index.ts';
import { allocateRoom, releaseRoom, roomUnits } from '#src/features/history/row-room.ts';
import { BLOCK_WORDS, pageOf, placeOf, Slab } from '#src/features/history/slab.ts';

test('blocks that are in use never overlap, whatever is taken and given back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ order: fc.integer({ min: 0, max: 9 }), gives: fc.boolean() }), { maxLength: 200 }),
      (steps) => {
        const slab = new Slab();
        const held: { block: number; order: number }[] = [];
        for (const { order, gives } of steps) {
          const given = gives ? held.shift() : undefined;
          if (given) slab.release(given.block, given.order);
          else held.push({ block: slab.allocate(order), order });
        }
        const spans = held
          .map(({ block, order }) => ({
            page: pageOf(block),
            from: placeOf(block),
            to: placeOf(block) + (BLOCK_WORDS << order),
          }))
          .toSorted((left, right) => left.page - right.page || left.from - right.from);
        for (const [index, span] of spans.entries()) {
          const next = spans[index + 1];
          expect(span.to).toBeLessThanOrEqual(slab.doubles[span.page]?.length ?? 0);
          if (next?.page === span.page) expect(span.to).toBeLessThanOrEqual(next.from);
        }
        expect(slab.bytesUsed).toBe(held.reduce((bytes, { order }) => bytes + (128 << order), 0));
      },
    ),
  );
});

test('room for rows comes in steps of half or a third more', () => {
  const steps = Array.from({ length: 9 }, (_, step) => roomUnits(step));
  expect(steps).toEqual([1, 2, 3, 4, 6, 8, 12, 16, 24]);
});

test('room for rows never overlaps, and all of it comes back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ step: fc.integer({ min: 0, max: 12 }), gives: fc.boolean() }), { maxLength: 100 }),
      (moves) => {
        const slab = new Slab();
        const held: { block: number; step: number }[] = [];
        for (const { step, gives } of moves) {
          const given = gives ? held.shift() : undefined;
          if (given) releaseRoom(slab, given.block, given.step);
          else held.push({ block: allocateRoom(slab, step), step });
        }
        const spans = held
          .map(({ block, step }) => ({ from: block, to: block + roomUnits(step) }))
          .toSorted((left, right) => left.from - right.from);
        for (const [index, { to }] of spans.entries())
          expect(to).toBeLessThanOrEqual(spans[index + 1]?.from ?? Infinity);
        expect(slab.bytesUsed).toBe(held.reduce((bytes, { step }) => bytes + 128 * roomUnits(step), 0));
        for (const { block, step } of held) releaseRoom(slab, block, step);
        expect(slab.bytesUsed).toBe(0);
      },
    ),
  );
});

test('what is given back joins again, so that a page serves small and large blocks in turn', () => {
  const slab = new Slab();
  const blocks = Array.from({ length: 30_000 }, () => slab.allocate(0));
  for (const block of blocks) slab.release(block, 0);
  slab.allocate(14);
  const before = slab.bytesReserved;
  slab.allocate(13);
  expect(slab.bytesReserved).toBe(before);
});

test('the index finds what was added and not removed, also where keys collide', () => {
  const key = fc.record({
    low: fc.integer({ min: 0, max: 3 }).map((low) => low * 65_536),
    high: fc.integer({ min: 0, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(fc.record({ key, adds: fc.boolean() }), { maxLength: 100 }), (steps) => {
      const index = new EntityIndex();
      const expected = new Map<string, number>();
      let block = 0;
      for (const {
        key: { low, high },
        adds,
      } of steps) {
        const name = `${low} ${high}`;
        if (adds && !expected.has(name)) {
          expected.set(name, ++block);
          index.add(low, high, block);
        } else if (!adds) {
          expected.delete(name);
          index.remove(low, high);
        }
        for (const [known, at] of expected) {
          const [knownLow = 0, knownHigh = 0] = known.split(' ').map(Number);
          expect(index.find(knownLow, knownHigh)).toBe(at);
        }
        expect(index.size).toBe(expected.size);
      }
    }),
    { numRuns: 30 },
  );
});
