import { describe, expect, test } from 'vitest';
import { NOT_SENT } from '#src/domain/feature-value.ts';
import { createDomainWatch, PAYMENTS_MIN } from '#src/scoring/domain-watch.ts';
import { readReleasedModel } from '#src/scoring/released-model.ts';
import { SMALL_LIST, smallModel } from '#test/support/small-model.ts';

const { manifest } = readReleasedModel(smallModel(), SMALL_LIST);

function watched(payments: number, device: number) {
  const watch = createDomainWatch(manifest, SMALL_LIST.groups);
  const row = [5, device, device];
  watch.observe(
    Float32Array.from({ length: payments * 3 }, (_, at) => row[at % 3] ?? 0),
    payments,
  );
  return watch;
}

describe('watching whether the traffic fits the model', () => {
  test('traffic without devices, for a model that learnt from them, is reported in words', () => {
    expect(
      watched(PAYMENTS_MIN, NOT_SENT)
        .gaps()
        .map((gap) => gap.text),
    ).toEqual(['trained with device data on 92 %, yours has 0 %']);
  });

  test('traffic of any one seat that it learnt from fits, and a mixture of two does not', () => {
    const features = manifest.features.map((feature) => {
      const { wallet } = feature.traffic;
      if (wallet === undefined) throw new Error('the small model is a wallet’s');
      return {
        ...feature,
        traffic: { wallet, bank: { ...wallet, notSentShare: feature.name === 'amount' ? 0 : 1 } },
      };
    });
    const both = { ...manifest, features, seats: ['wallet', 'bank'] };
    const gapsOf = (device: (payment: number) => number) => {
      const watch = createDomainWatch(both, SMALL_LIST.groups);
      const rows = Array.from({ length: PAYMENTS_MIN }, (_, payment) => [
        5,
        device(payment),
        device(payment),
      ]);
      watch.observe(Float32Array.from(rows.flat()), PAYMENTS_MIN);
      return watch.gaps().map(({ group }) => group);
    };
    expect(gapsOf(() => 1)).toEqual([]);
    expect(gapsOf(() => NOT_SENT)).toEqual([]);
    expect(gapsOf((payment) => (payment % 2 === 0 ? 1 : NOT_SENT))).toEqual(['device']);
  });

  test('traffic like that of training is not reported', () => {
    expect(watched(PAYMENTS_MIN, 1).gaps()).toEqual([]);
  });

  test('too little traffic is not judged', () => {
    expect(watched(PAYMENTS_MIN - 1, NOT_SENT).gaps()).toEqual([]);
  });

  test('a change is reported although much traffic that fitted came before', () => {
    const watch = watched(100_000, 1);
    for (let round = 0; round < 100; round++) watch.observe(new Float32Array(1500).fill(NOT_SENT), 500);
    expect(watch.gaps().map((gap) => gap.group)).toContain('device');
  });
});
