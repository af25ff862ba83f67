import { describe, expect, test } from 'vitest';
import { modelCard } from '#training/report/model-card.ts';
import { modelReport } from '#training/report/model-report.ts';
import { readReleasedModel } from '#src/scoring/released-model.ts';
import { releasedMetrics } from '#test/support/released-metrics.ts';
import { SMALL_LIST, smallModel } from '#test/support/small-model.ts';

describe('the report of a model', () => {
  const html = modelReport(releasedMetrics());

  test('what it may not be taken for stands before any figure', () => {
    expect(html.indexOf('All of it is simulated.')).toBeLessThan(html.indexOf('verage precision'));
  });

  test('it needs nothing from elsewhere and has no figure that is no number', () => {
    expect(html).not.toMatch(/https?:|src=|NaN|Infinity|undefined|null/);
  });

  test('it has its charts and each family in its tables', () => {
    expect(html.match(/<svg/g)).toHaveLength(6);
    expect(html).toContain('card testing');
    expect(html).toContain('scam payee');
    expect(html).toContain('Seat: bank');
    expect(html).toContain('Beside LightGBM');
    expect(html).toContain('A family that training never saw');
  });
});

describe('the card of a model', () => {
  const { manifest } = readReleasedModel(smallModel(), SMALL_LIST);
  const card = modelCard(manifest, releasedMetrics());

  test('it begins with what the model may not be taken for', () => {
    expect(card.split('\n').slice(0, 3).join('\n')).toContain(manifest.statement);
  });

  test('it says how to train the model again and on how many campaigns its figures stand', () => {
    expect(card).toContain(manifest.training.command);
    expect(card).toMatch(/n is the number of campaigns/);
    expect(card).toContain('npm run evaluate');
    expect(card).not.toMatch(/NaN|undefined|Infinity/);
  });
});
