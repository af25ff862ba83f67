import { expect, test } from 'vitest';
import { FEATURE_COUNT, FEATURES } from '#src/features/feature-catalogue.ts';
import { HistoryFeatureStage } from '#src/features/history-feature-stage.ts';
import type { LedgerFacts } from '#src/ports/feature-stage.ts';
import { featureStream } from '#test/support/feature-stream.ts';
import type { FeatureItem, FeatureStreamSettings } from '#test/support/feature-stream.ts';
import { FeatureOracle, rated } from '#test/support/oracle/feature-oracle.ts';

const NO_ACCOUNT: LedgerFacts = {
  debtorKnown: false,
  debtorPosted: 0,
  debtorHeld: 0,
  debtorOpenHolds: 0,
  debtorOverdraftLimit: undefined,
  debtorOpenedAt: undefined,
  creditorOpenedAt: undefined,
};

function tell(stage: HistoryFeatureStage, item: FeatureItem, values: Float32Array): void {
  if (item.type === 'attempt') stage.observe(item.attempt, NO_ACCOUNT, { values, offset: 0 });
  if (item.type === 'outcome') stage.recordOutcome(item.outcome);
  if (item.type === 'signal') stage.recordSignal(item.signal);
  if (item.type === 'label') stage.recordLabel(item.label);
}

/** Values that differ from the oracle's, in words, and how many were compared. */
async function compare(
  settings: FeatureStreamSettings,
): Promise<{ differences: readonly string[]; compared: number }> {
  const stage = new HistoryFeatureStage({ toReference: rated });
  const oracle = new FeatureOracle();
  const values = new Float32Array(FEATURE_COUNT);
  const differences: string[] = [];
  let compared = 0;
  await stage.load([]);
  for (const item of featureStream(settings)) {
    const expected = oracle.take(item);
    values.fill(Number.NaN);
    tell(stage, item, values);
    for (const [index, { name }] of FEATURES.entries()) {
      const value = expected.get(name);
      if (value === undefined) continue;
      compared++;
      const written = values[index] ?? Number.NaN;
      if (written !== Math.fround(value) && item.type === 'attempt') {
        differences.push(`${item.attempt.request.facts.id} ${name}: ${written}, not ${Math.fround(value)}`);
      }
    }
  }
  return { differences, compared };
}

test('every feature from histories equals brute force, with late, equal, bursty attempts and their outcomes', async () => {
  const { differences, compared } = await compare({
    seed: 1,
    payments: 900,
    days: 45,
    accounts: 12,
    merchants: 5,
  });
  expect(differences.slice(0, 40)).toEqual([]);
  expect(compared).toBeGreaterThan(150_000);
});
