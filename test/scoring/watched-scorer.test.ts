import { expect, test } from 'vitest';
import { NOT_SENT } from '#src/domain/feature-value.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import { createDomainWatch } from '#src/scoring/domain-watch.ts';
import type { DomainGap } from '#src/scoring/domain-watch.ts';
import { readReleasedModel } from '#src/scoring/released-model.ts';
import { createWatchedScorer } from '#src/scoring/watched-scorer.ts';
import { SMALL_LIST, smallModel } from '#test/support/small-model.ts';

const scorer: Scorer = {
  model: 'small@1',
  featureCount: 3,
  score: (_vectors, rows) => ({ probabilities: new Float32Array(rows).fill(0.5), degraded: false }),
  explain: () => [],
};

test('traffic that stops fitting is told once, and once more when it fits again', () => {
  const { manifest } = readReleasedModel(smallModel(), SMALL_LIST);
  const told: (readonly DomainGap[])[] = [];
  const watched = createWatchedScorer(scorer, createDomainWatch(manifest, SMALL_LIST.groups), (gaps) =>
    told.push(gaps),
  );
  const send = (device: number, rounds: number) => {
    const row = [5, device, device];
    const vectors = Float32Array.from({ length: 300 }, (_, at) => row[at % 3] ?? 0);
    for (let round = 0; round < rounds; round++)
      expect(watched.score(vectors, 100).probabilities).toHaveLength(100);
  };
  send(1, 10);
  expect(told).toEqual([]);
  send(NOT_SENT, 60);
  expect(told.map((gaps) => gaps.map(({ group }) => group))).toEqual([['device']]);
  send(1, 300);
  expect(told.map((gaps) => gaps.length)).toEqual([1, 0]);
});
