import { describe, expect, test } from 'vitest';
import { joinRows, RowCollector, rowsBetween, rowsWithout } from '#training/pipeline/row-collector.ts';

function collected(payments: number, keptShare: number) {
  const collector = new RowCollector({ columns: 2, keptShare, seed: 3 });
  for (let place = 0; place < payments; place++) {
    const isRare = place % 10 === 0;
    const vector = Float32Array.from([place, isRare ? 1 : 0]);
    const family = place % 4 === 0 ? 'bust_out' : null;
    collector.add({ id: `p${place}`, vector, at: 1000 + place, isRare, weight: isRare ? 0.5 : 1, family });
  }
  return collector;
}

describe('collecting rows', () => {
  test('every rare payment is kept, and the others that are kept count for all of them', () => {
    const { data } = collected(20_000, 0.25).rows();
    const rare = [...data.weights].filter((_, row) => data.values[row * 2 + 1] === 1);
    expect(rare).toHaveLength(2_000);
    expect(new Set(rare)).toEqual(new Set([0.5]));
    const total = data.weights.reduce((sum, weight) => sum + weight, 0);
    expect(total).toBeGreaterThan(0.97 * 19_000);
    expect(total).toBeLessThan(1.03 * 19_000);
  });

  test('a row is honest until a label says otherwise, and the last label counts', () => {
    const collector = collected(30, 1);
    collector.label('p3', true);
    collector.label('p4', true);
    collector.label('p4', false);
    collector.label('unknown', true);
    expect([...collector.rows().data.labels].flatMap((label, row) => (label === 1 ? [row] : []))).toEqual([
      3,
    ]);
  });

  test('rows are cut by time, the end excluded', () => {
    const { values, rows } = rowsBetween(collected(30, 1).rows(), 1005, 1008);
    expect(rows).toBe(3);
    expect([values[0], values[2], values[4]]).toEqual([5, 6, 7]);
  });

  test('runs are joined one after the other', () => {
    const { data, times } = joinRows([collected(3, 1).rows(), collected(2, 1).rows()]);
    expect([data.rows, data.columns]).toEqual([5, 2]);
    expect([...times]).toEqual([1000, 1001, 1002, 1000, 1001]);
    expect([...data.values]).toEqual([0, 1, 1, 0, 2, 0, 0, 1, 1, 0]);
  });

  test('a family is left out with all of its rows and no others', () => {
    const { data, times, families } = rowsWithout(collected(8, 1).rows(), 'bust_out');
    expect([...times]).toEqual([1001, 1002, 1003, 1005, 1006, 1007]);
    expect([...families]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([data.rows, data.values[0]]).toEqual([6, 1]);
    expect(rowsWithout(collected(8, 1).rows(), 'card_testing').data.rows).toBe(8);
  });
});
