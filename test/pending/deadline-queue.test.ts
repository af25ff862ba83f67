import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeadlineQueue, type Deadline } from '#src/pending/deadline-queue.ts';

function soonestFirst(a: Deadline, b: Deadline): number {
  return a.at - b.at || (a.paymentId < b.paymentId ? -1 : Number(a.paymentId > b.paymentId));
}

const deadline = fc.record({ at: fc.nat(20), paymentId: fc.constantFrom('a', 'b', 'c', 'd') });
const step = fc.oneof(
  { weight: 3, arbitrary: deadline.map((one) => ({ add: one })) },
  { weight: 1, arbitrary: fc.record({ now: fc.nat(25), count: fc.nat(4) }) },
);

describe('a queue of deadlines', () => {
  test('gives what is due like a sorted list, soonest first and never more than asked', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const queue = new DeadlineQueue();
        let sorted: Deadline[] = [];
        for (const each of steps) {
          if ('add' in each) {
            queue.add(each.add);
            sorted = [...sorted, each.add].toSorted(soonestFirst);
          } else {
            const due = sorted.filter(({ at }) => at <= each.now).slice(0, each.count);
            expect(queue.takeDue(each.now, each.count)).toEqual(due);
            sorted = sorted.slice(due.length);
          }
          expect(queue.size).toBe(sorted.length);
          expect(queue.nextAt).toBe(sorted[0]?.at);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('gives nothing before its time, and everything at it', () => {
    const queue = new DeadlineQueue();
    queue.add({ at: 10, paymentId: 'a' });
    expect(queue.takeDue(9, 1)).toEqual([]);
    expect(queue.takeDue(10, 1)).toEqual([{ at: 10, paymentId: 'a' }]);
    expect(queue.nextAt).toBeUndefined();
  });
});
