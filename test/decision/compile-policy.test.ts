import { describe, expect, test } from 'vitest';
import { compilePolicy } from '#src/decision/compile-policy.ts';
import { thresholdsFor } from '#src/decision/policy.ts';
import { readPolicy } from '#src/decision/read-policy.ts';
import { LIMIT_FEATURES, policyOf } from '#test/support/decision-setup.ts';

/** As in the documentation of the file, with every key. */
const WHOLE_FILE = `
version: "2026-11-24.1"
mode: enforce
enforceShare: 0.5
thresholds: { review: 0.08, deny: 0.60 }
bands: [ { asset: EUR, upTo: 5000, thresholds: { review: 0.2, deny: 0.8 } } ]
costs: { reviewMinute: 80, chargebackFee: 2000, insultShareOfAmount: 0.1, margin: 0.15 }
limits: [ { entity: card, metric: attempts, window: PT10M, above: 5, then: deny, code: card_velocity } ]
degraded: { model: review, features: review, approveBelow: 0 }
review: { expiresAfter: PT24H, undoSeconds: 5, maxPerHour: 200, overflow: deny }
capture: { expiresAfter: P7D }
baseRate: auto
`;

function problemsOf(file: unknown) {
  const result = compilePolicy(file, LIMIT_FEATURES);
  return result.ok ? [] : result.problems;
}

describe('a policy file', () => {
  test('with every key of the contract is a policy', () => {
    const result = readPolicy(WHOLE_FILE, LIMIT_FEATURES);
    expect(result).toMatchObject({
      ok: true,
      policy: {
        version: '2026-11-24.1',
        mode: 'enforce',
        enforceShare: 0.5,
        limits: [{ code: 'card_velocity', featureIndex: 0, above: 5, outcome: 'deny' }],
        degraded: { actions: { model: 'review', features: 'review', log: 'review' }, approveBelow: 0 },
        review: { expiresAfterMs: 86_400_000, undoSeconds: 5, maxPerHour: 200, overflow: 'deny' },
        capture: { expiresAfterMs: 7 * 86_400_000 },
        baseRate: 'auto',
      },
    });
  });

  test('with nothing but version and thresholds approves nothing that is degraded', () => {
    expect(policyOf().degraded.actions).toEqual({ model: 'review', features: 'review', log: 'review' });
    expect(policyOf().degraded.approveBelow).toBe(0);
    expect(policyOf().degraded.late).toBe('review');
  });

  test('with thresholds and costs decides by the thresholds', () => {
    const costs = { reviewMinute: 80, chargebackFee: 2_000, insultShareOfAmount: 0.1, margin: 0.15 };
    expect(thresholdsFor(policyOf({ costs }), 'EUR', 100).deny).toBe(Math.fround(0.8));
  });

  test('with costs alone derives thresholds by amount', () => {
    const costs = { reviewMinute: 80, chargebackFee: 2_000, insultShareOfAmount: 0.1, margin: 0.15 };
    const result = compilePolicy({ version: '1', costs }, []);
    if (!result.ok) throw new Error('costs are enough');
    const [small, large] = [1_500, 200_000].map((amount) => thresholdsFor(result.policy, 'EUR', amount));
    expect(small?.review).toBeGreaterThan(large?.review ?? 0);
    expect(result.policy.thresholds).toEqual(thresholdsFor(result.policy, 'JPY', 1_500));
  });

  test('takes the narrowest band that covers the amount', () => {
    const band = (upTo: number, deny: number) => ({ asset: 'EUR', upTo, thresholds: { review: 0.1, deny } });
    const policy = policyOf({ bands: [band(10_000, 0.5), band(1_000, 0.9)] });
    const denials = [1_000, 1_001, 10_000, 10_001].map((amount) => thresholdsFor(policy, 'EUR', amount).deny);
    expect(denials).toEqual([0.9, 0.5, 0.5, 0.8].map(Math.fround));
    expect(thresholdsFor(policy, 'USD', 1).deny).toBe(Math.fround(0.8));
  });

  test('an amount band may choose another way through a degradation', () => {
    const policy = policyOf({ degraded: { bands: [{ asset: 'EUR', upTo: 500, model: 'score' }] } });
    expect(policy.degraded.bands.get('EUR')).toEqual([
      { upTo: 500, actions: { model: 'score', features: 'review', log: 'review' } },
    ]);
  });
});

describe('a problem of a policy file', () => {
  const valid = { version: '1', thresholds: { review: 0.1, deny: 0.5 } };
  const limit = {
    entity: 'card',
    metric: 'attempts',
    window: 'PT10M',
    above: 5,
    then: 'deny',
    code: 'card_velocity',
  };
  const band = { asset: 'EUR', upTo: 5_000, thresholds: { review: 0.2, deny: 0.8 } };

  test.each<[string, { change: object; path: string; words: string }]>([
    ['no version', { change: { version: undefined }, path: 'version', words: 'expected string' }],
    ['an unknown key', { change: { treshold: 1 }, path: 'treshold', words: 'unknown key' }],
    [
      'an unknown key below',
      { change: { review: { expires: 'PT1H' } }, path: 'review.expires', words: 'unknown key' },
    ],
    ['a mode that is none', { change: { mode: 'dry' }, path: 'mode', words: 'observe' }],
    [
      'neither thresholds nor costs',
      { change: { thresholds: undefined }, path: 'thresholds', words: 'costs' },
    ],
    [
      'a negative threshold',
      { change: { thresholds: { review: -1, deny: 1 } }, path: 'thresholds.review', words: '>=0' },
    ],
    ['a band twice', { change: { bands: [band, band] }, path: 'bands.1.upTo', words: 'bands.0' }],
    ['a share above one', { change: { enforceShare: 1.1 }, path: 'enforceShare', words: '<=1' }],
    [
      'an unknown entity',
      { change: { limits: [{ ...limit, entity: 'cart' }] }, path: 'limits.0.entity', words: 'card, device' },
    ],
    [
      'an unknown metric',
      { change: { limits: [{ ...limit, metric: 'tries' }] }, path: 'limits.0.metric', words: 'attempts' },
    ],
    [
      'an unknown window',
      { change: { limits: [{ ...limit, window: 'PT9M' }] }, path: 'limits.0.window', words: 'PT10M, P1D' },
    ],
    [
      'a window that is no duration',
      { change: { limits: [{ ...limit, window: '10m' }] }, path: 'limits.0.window', words: 'ISO 8601' },
    ],
    [
      'a limit that approves',
      { change: { limits: [{ ...limit, then: 'approve' }] }, path: 'limits.0.then', words: 'deny' },
    ],
    [
      'a code twice',
      { change: { limits: [limit, { ...limit, above: 9 }] }, path: 'limits.1.code', words: 'limits.0' },
    ],
    [
      'a degradation that approves',
      { change: { degraded: { model: 'approve' } }, path: 'degraded.model', words: 'review' },
    ],
    [
      'a hold for ever',
      { change: { review: { expiresAfter: 'P99D' } }, path: 'review.expiresAfter', words: 'seconds' },
    ],
    [
      'a breaker that denies',
      { change: { breaker: { overflow: 'deny' } }, path: 'breaker.overflow', words: 'review' },
    ],
    ['a base rate that is none', { change: { baseRate: 2 }, path: 'baseRate', words: '<1' }],
    ['a base rate in words', { change: { baseRate: 'much' }, path: 'baseRate', words: 'auto' }],
  ])('%s is told with its path', (_name, { change, path, words }) => {
    expect(problemsOf({ ...valid, ...change })).toEqual([
      { path, message: expect.stringContaining(words) as string },
    ]);
  });

  test('does not hide the others', () => {
    const limits = [
      { ...limit, entity: 'cart' },
      { ...limit, window: 'PT9M', code: 'other' },
    ];
    const paths = problemsOf({ ...valid, limits, bands: [band, band] }).map((problem) => problem.path);
    expect(paths).toEqual(['bands.1.upTo', 'limits.0.entity', 'limits.1.window']);
  });

  test.each(['version: [', 'a: &a [x]\nb: *c', '"', 'just text', ''])(
    'in its text is an answer: %s',
    (text) => {
      expect(readPolicy(text, LIMIT_FEATURES)).toMatchObject({ ok: false });
    },
  );

  test('an alias bomb is refused', () => {
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 9; i++) lines.push(`a${i}: &a${i} [${`*a${i - 1},`.repeat(10)}]`);
    expect(readPolicy(lines.join('\n'), LIMIT_FEATURES)).toMatchObject({ ok: false });
  });
});
