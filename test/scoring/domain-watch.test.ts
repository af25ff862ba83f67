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
