/** What every network promises, whatever computes it. */
import { expect, test } from 'vitest';
import type { DenseLayer, OpenNetwork } from '#src/ports/network.ts';
import { randomLayers } from '#test/support/random-layers.ts';
import { seededRandom } from '#test/support/seeded-random.ts';

const WIDTHS = [45, 32, 16, 1];
const INPUTS = 45;
const ROWS = 1024;

/** Written out in double precision, as the definition says. */
function byHand(layers: readonly DenseLayer[], row: Float32Array): number {
  let values = [...row];
  layers.forEach((layer, place) => {
    values = Array.from({ length: layer.outputs }, (_, output) => {
      const sum = values.reduce(
        (total, value, input) => total + value * (layer.kernel[input * layer.outputs + output] ?? 0),
        layer.bias[output] ?? 0,
      );
      return place === layers.length - 1 ? sum : Math.max(0, sum);
    });
  });
  return values[0] ?? Number.NaN;
}

export function networkContract(openNetwork: OpenNetwork, { rowsDependOnBatch = false } = {}): void {
  const random = seededRandom(7);
  const layers = randomLayers(WIDTHS, random);
  const values = Float32Array.from({ length: ROWS * INPUTS }, () => (random() - 0.5) * 8);
  const row = (place: number): Float32Array => values.subarray(place * INPUTS, (place + 1) * INPUTS);

  test('a network answers the log-odds that its layers define', async () => {
    const network = await openNetwork(layers);
    const logOdds = network.infer(values, ROWS);
    expect(logOdds).toHaveLength(ROWS);
    for (let place = 0; place < ROWS; place += 37) {
      expect(logOdds[place]).toBeCloseTo(byHand(layers, row(place)), 4);
    }
    network.dispose();
  });

  test('a network asked for no rows answers none', async () => {
    const network = await openNetwork(layers);
    expect(network.infer(new Float32Array(0), 0)).toHaveLength(0);
    network.dispose();
  });

  test.runIf(!rowsDependOnBatch)(
    'a row scores the same bits in batches of every size from 1 to 1024',
    async () => {
      const network = await openNetwork(layers);
      const whole = network.infer(values, ROWS).slice();
      for (const size of [
        1, 2, 3, 4, 5, 7, 8, 15, 16, 31, 32, 33, 63, 64, 100, 127, 128, 255, 256, 511, 512, 1000, 1023,
      ]) {
        for (let first = 0; first < ROWS; first += size) {
          const rows = Math.min(size, ROWS - first);
          if (size < 8 && first % 64 > size) continue;
          const part = network.infer(values.subarray(first * INPUTS), rows);
          expect(
            Buffer.from(part.slice().buffer).equals(Buffer.from(whole.slice(first, first + rows).buffer)),
          ).toBe(true);
        }
      }
      network.dispose();
    },
  );

  test.runIf(!rowsDependOnBatch)('a row scores the same bits whatever the order of the rows', async () => {
    const network = await openNetwork(layers);
    const whole = network.infer(values, ROWS).slice();
    const order = Array.from({ length: ROWS }, (_, place) => (place * 389 + 17) % ROWS);
    const shuffled = new Float32Array(values.length);
    order.forEach((from, to) => shuffled.set(row(from), to * INPUTS));
    const answers = network.infer(shuffled, ROWS);
    order.forEach((from, to) => expect(Object.is(answers[to], whole[from])).toBe(true));
    network.dispose();
  });
}
