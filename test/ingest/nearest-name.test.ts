import { describe, expect, it } from 'vitest';
import { nearestHint } from '#src/ingest/nearest-name.ts';

const KNOWN = ['amount', 'asset', 'debtor', 'creditor', 'occurredAt', 'userAgent'];

describe('the hint for an unknown name', () => {
  it.each([
    ['ammount', 'amount'],
    ['debitor', 'debtor'],
    ['occured_at', 'occurredAt'],
    ['user-agent', 'userAgent'],
  ])('asks whether the near one was meant: %s', (name, meant) => {
    expect(nearestHint(name, KNOWN)).toBe(`; did you mean "${meant}"?`);
  });

  it('names the nearest where none is near', () => {
    expect(nearestHint('currency', KNOWN)).toMatch(/^; the nearest known one is "\w+"$/);
  });

  it('says nothing of names that are absurdly long, or where nothing is known', () => {
    expect(nearestHint('x'.repeat(65), KNOWN)).toBe('');
    expect(nearestHint('a', [])).toBe('');
  });
});
