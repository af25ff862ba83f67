import { describe, expect, it } from 'vitest';
import { shardOfAccount, shardOfPayment } from '#src/domain/shard-place.ts';

describe('the shard of an account', () => {
  it('follows FNV-1a of 32 bits, so that it never changes', () => {
    // Published test values: "a" is e40c292c, "foobar" is bf9cf968.
    const whole = 2 ** 32;
    expect(shardOfAccount('a', whole)).toBe(0xe40c292c);
    expect(shardOfPayment('foobar', whole)).toBe(0xbf9cf968);
  });

  it('is always the first where there is one', () => {
    expect(shardOfAccount('customer:42', 1)).toBe(0);
  });

  it('spreads numbered accounts evenly', () => {
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 40_000; n++) {
      const shard = shardOfAccount(`customer:${n}`, 4);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});
