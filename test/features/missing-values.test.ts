import { expect, test } from 'vitest';
import { NO_HISTORY, NOT_SENT, UNREADABLE } from '#src/domain/feature-value.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';
import { FEATURE_COUNT, featureIndex } from '#src/features/feature-catalogue.ts';
import { HistoryFeatureStage } from '#src/features/history-feature-stage.ts';
import { createEntityKeyer } from '#src/features/sip-entity-keyer.ts';
import { NO_LEDGER_FACTS } from '#src/ports/feature-stage.ts';

const START_MS = Date.UTC(2026, 5, 1);
const HOUR_MS = 3_600_000;
const keyer = createEntityKeyer({ key: new Uint8Array(16) });

function request(id: string, { card, asset = 'EUR' }: { card?: string; asset?: string }): PaymentRequest {
  return {
    facts: {
      id,
      occurredAt: START_MS,
      amount: 500,
      asset,
      debtor: 'a:1',
      creditor: 'b:1',
      capture: 'automatic',
    },
    personal: card === undefined ? {} : { cardId: card },
  };
}

function openStage(): (asked: PaymentRequest, atMs: number) => (name: string) => number | undefined {
  const stage = new HistoryFeatureStage({
    toReference: (amount, asset) => (asset === 'EUR' ? amount : undefined),
  });
  return (asked, at) => {
    const values = new Float32Array(FEATURE_COUNT);
    const entityKeys = keyer.ofPayment(asked);
    stage.observe(
      { request: asked, entityKeys, featureTime: at, receivedAt: at, shardTime: at },
      NO_LEDGER_FACTS,
      {
        values,
        offset: 0,
      },
    );
    return (name) => values[featureIndex(name)];
  };
}

test('a card that was not sent, one that is seen for the first time and one that was idle are three things', () => {
  const observe = openStage();
  const without = observe(request('p1', {}), START_MS);
  const first = observe(request('p2', { card: 'c' }), START_MS);
  const idle = observe(request('p3', { card: 'c' }), START_MS + HOUR_MS);
  expect([without, first, idle].map((value) => value('card_attempts_10m'))).toEqual([
    NOT_SENT,
    NO_HISTORY,
    0,
  ]);
  expect(idle('card_amount_sum_1h')).toBe(0);
  expect(idle('card_amount_sum_24h')).toBe(500);
});

test('an amount without an exchange rate can not be read, and neither can sums of nothing else', () => {
  const observe = openStage();
  const unrated = observe(request('p1', { card: 'c', asset: 'XTS' }), START_MS);
  const after = observe(request('p2', { card: 'c' }), START_MS + HOUR_MS);
  expect(unrated('amount')).toBe(UNREADABLE);
  expect(after('card_attempts_24h')).toBe(1);
  expect(after('card_amount_sum_24h')).toBe(UNREADABLE);
  expect(after('amount')).toBe(500);
});

test('a window ends exactly where it says: what is as old as the window is out, an instant younger is in', () => {
  const observe = openStage();
  observe(request('p1', { card: 'c' }), START_MS);
  const younger = observe(request('p2', { card: 'c' }), START_MS + 600_000 - 1);
  const asOld = observe(request('p3', { card: 'c' }), START_MS + 600_000);
  expect(younger('card_attempts_10m')).toBe(1);
  expect(asOld('card_attempts_10m')).toBe(1);
  expect(asOld('card_attempts_1h')).toBe(2);
});
