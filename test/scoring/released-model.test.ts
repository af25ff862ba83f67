import { describe, expect, test } from 'vitest';
import { ModelFileError, readLayers, writeLayers } from '#src/scoring/model-files.ts';
import { ModelMismatch, readReleasedModel } from '#src/scoring/released-model.ts';
import { randomLayers } from '#test/support/random-layers.ts';
import { seededRandom } from '#test/support/seeded-random.ts';
import { SMALL_LIST, smallModel } from '#test/support/small-model.ts';

describe('the files of a network', () => {
  test('what is written is read back bit for bit', () => {
    const layers = randomLayers([5, 4, 3, 1], seededRandom(2));
    const { topology, weights } = writeLayers(layers);
    expect(readLayers(topology, weights)).toEqual(layers);
  });

  test('weights of another length are refused', () => {
    const { topology, weights } = writeLayers(randomLayers([2, 1], seededRandom(2)));
    expect(() => readLayers(topology, weights.subarray(4))).toThrow(ModelFileError);
  });
});

describe('a released model', () => {
  test('whole files with the features of the product are accepted', () => {
    const { manifest, tables } = readReleasedModel(smallModel(), SMALL_LIST);
    expect(manifest.name).toBe('small');
    expect(tables.indicators).toEqual([{ kind: 'not sent', features: [1, 2] }]);
  });

  test.each([
    ['a feature that is gone', { names: ['amount', 'device_cards'] }, /no longer has device_payments/],
    ['a feature that is new', { names: [...SMALL_LIST.names, 'ip_cards'] }, /does not know ip_cards/],
    [
      'another order',
      { names: ['amount', 'device_cards', 'device_payments'] },
      /order differs at device_payments/,
    ],
    ['another meaning', { hash: 'c'.repeat(64) }, /what some of them mean has changed/],
  ])('%s is refused with a message that names it', (_, change, message) => {
    const read = () => readReleasedModel(smallModel(), { ...SMALL_LIST, ...change });
    expect(read).toThrow(ModelMismatch);
    expect(read).toThrow(message);
  });

  test('changed weights are refused', () => {
    const files = smallModel();
    const weights = files.weights.slice();
    weights[0] = (weights[0] ?? 0) ^ 1;
    expect(() => readReleasedModel({ ...files, weights }, SMALL_LIST)).toThrow(/weights.bin of small@1/);
  });

  test('a manifest that is not whole is refused with the path of what is wrong', () => {
    const files = smallModel({ baseRate: 2 });
    expect(() => readReleasedModel(files, SMALL_LIST)).toThrow(/baseRate/);
  });
});
