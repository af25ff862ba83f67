import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { saltPool } from '#src/ingest/salt-pool.ts';

describe('a pool of salts', () => {
  it('gives sixteen bytes each time and none twice, over many refills', () => {
    const draw = saltPool(randomBytes);
    const salts = Array.from({ length: 5000 }, () => Buffer.from(draw()).toString('hex'));
    expect(new Set(salts).size).toBe(5000);
    expect(salts.every((salt) => salt.length === 32)).toBe(true);
  });
});
