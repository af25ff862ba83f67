import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatIsoDuration, parseIsoDuration } from '#src/domain/iso-duration.ts';

describe('an ISO 8601 duration', () => {
  test.each([
    ['PT1M', 60],
    ['PT10M', 600],
    ['PT24H', 86_400],
    ['P1D', 86_400],
    ['P7D', 604_800],
    ['P2W', 1_209_600],
    ['P1DT12H', 129_600],
    ['PT0S', 0],
  ])('%s lasts %i seconds', (text, seconds) => {
    expect(parseIsoDuration(text)).toBe(seconds);
  });

  test.each(['', 'P', 'PT', 'P1', '10M', 'P1Y', 'P1M', 'PT1.5H', 'P1DT', '-PT1H', 'PT1H ', 'pt1h', 'PT1M1H'])(
    '"%s" is none',
    (text) => {
      expect(parseIsoDuration(text)).toBeUndefined();
    },
  );

  test('what is formatted is parsed back', () => {
    fc.assert(
      fc.property(fc.nat(400 * 86_400), (seconds) => {
        expect(parseIsoDuration(formatIsoDuration(seconds))).toBe(seconds);
      }),
    );
  });
});
