import { describe, expect, test } from 'vitest';
import { decidePayment } from '#src/decision/decide-payment.ts';
import type { DecisionContext } from '#src/decision/decision-input.ts';
import { stableShare } from '#src/decision/stable-share.ts';
import { holdOf, type DegradedCause } from '#src/domain/decision.ts';
import { contextOf, entryOf, inputOf, policyOf, requestOf, START } from '#test/support/decision-setup.ts';
import { readTable, type TableRow } from '#test/support/markdown-table.ts';

const PAGE = 'docs/decision.md';
const SCORES: Readonly<Record<string, number>> = { approve: 0.05, challenge: 0.15, review: 0.3, deny: 0.9 };
const THRESHOLDS = { challenge: 0.1, review: 0.2, deny: 0.8 };

function named(title: string, row: TableRow): string {
  return `${title}: ${Object.entries(row)
    .map(([column, cell]) => `${column} ${cell || '–'}`)
    .join(', ')}`;
}

function limitAsking(then: string | undefined) {
  if (!then) return [];
  const outcome = then as 'challenge' | 'review' | 'deny';
  return [
    { entity: 'card', metric: 'attempts', window: 'PT10M', above: 5, then: outcome, code: 'card_velocity' },
  ];
}

describe('precedence', () => {
  const rows = readTable(PAGE, 'Precedence');

  test('the page has the table', () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  test.each(rows.map((row) => [named('given', row), row] as const))('%s', (_name, row) => {
    // Where the allow list is tried against unreadable history there must be a limit to be read.
    const limits = limitAsking(row['limit'] || 'deny');
    const context = contextOf({ thresholds: THRESHOLDS, limits });
    if (row['block list']) context.state.addListEntry(entryOf({ id: 'b', list: 'block' }), START);
    if (row['allow list']) context.state.addListEntry(entryOf({ id: 'a', list: 'allow' }), START);
    const decision = decidePayment(
      context,
      inputOf({
        vectors: Float32Array.of(row['limit'] ? 6 : 5, 0, 0),
        score: SCORES[row['score'] ?? ''] ?? Number.NaN,
        degraded: row['degraded'] ? [row['degraded'] as DegradedCause] : [],
      }),
    );
    expect([decision.outcome, decision.basis.step]).toEqual([row['outcome'], row['named after']]);
    expect(decision.reasons.length > 0).toBe(decision.outcome !== 'approve');
    if (decision.outcome === 'review') expect(holdOf(decision)).toBe(row['degraded'] ? 'rescore' : 'review');
  });
});

/** Lets the named source deny everything for an hour; traffic is otherwise approved. */
function tripSource(context: DecisionContext, source: 'score' | 'limit'): void {
  const denied = source === 'score' ? { score: 0.9 } : { vectors: Float32Array.of(6, 0, 0) };
  for (let i = 0; i < 20; i++) count(context, denied);
}

function fillReviewers(context: DecisionContext): void {
  for (let i = 0; i < 10; i++) count(context, { score: 0.3 });
}

function count(context: DecisionContext, parts: Parameters<typeof inputOf>[0]): void {
  context.state.recordDecision(decidePayment(context, inputOf(parts)), false);
}

describe('breaker and capacity', () => {
  const rows = readTable(PAGE, 'Breaker and capacity');

  test.each(rows.map((row) => [named('given', row), row] as const))('%s', (_name, row) => {
    const claimants = row['claimed by'] ?? '';
    const limitClaims = claimants.includes('limit');
    const context = contextOf({
      thresholds: { review: 0.2, deny: 0.8 },
      limits: limitAsking(limitClaims && row['claim'] === 'review' ? 'review' : 'deny'),
      breaker: { window: 'PT1H', aboveShare: 0.3, minimumDecisions: 10 },
      review: { maxPerHour: 10, overflow: 'deny' },
    });
    if (claimants === 'block') context.state.addListEntry(entryOf(), START);
    if (row['reviewers have'] === 'none') fillReviewers(context);
    if (row['its source is'] === 'tripped') tripSource(context, claimants === 'limit' ? 'limit' : 'score');
    const decision = decidePayment(
      context,
      inputOf({
        vectors: Float32Array.of(limitClaims ? 6 : 0, 0, 0),
        score: claimants.includes('score') ? (SCORES[row['claim'] ?? ''] ?? Number.NaN) : 0.01,
        degraded: claimants === 'degraded' ? ['model'] : [],
      }),
    );
    expect([decision.outcome, decision.diverted.join(' ')]).toEqual([row['outcome'], row['diverted']]);
    for (const diversion of decision.diverted) {
      const code = diversion === 'breaker' ? 'breaker_open' : 'review_capacity';
      expect(decision.reasons.map((reason) => reason.code)).toContain(code);
    }
  });
});

describe('modes', () => {
  const inShare = ['pay_1', 'pay_2', 'pay_3', 'pay_4', 'pay_5'].find((id) => stableShare(id) < 0.5) ?? '';
  const outOfShare = ['pay_1', 'pay_2', 'pay_3', 'pay_4', 'pay_5'].find((id) => stableShare(id) >= 0.5) ?? '';

  test.each(readTable(PAGE, 'Modes').map((row) => [named('given', row), row] as const))(
    '%s',
    (_name, row) => {
      const context = contextOf({ mode: row['mode'] as 'enforce' | 'observe', enforceShare: 0.5 });
      const id = row['in the share'] === 'no' ? outOfShare : inShare;
      const decision = decidePayment(
        context,
        inputOf({
          payment: requestOf({ facts: { id } }),
          score: SCORES[row['the rules reach'] ?? ''] ?? Number.NaN,
        }),
      );
      expect([decision.outcome, decision.wouldBe ?? '']).toEqual([row['outcome'], row['would be']]);
      expect(decision.policy).toBe(policyOf().version);
    },
  );
});
