import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, parseInstant } from '#src/ingest/instant.ts';

const dates = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });

describe('instants', () => {
  it('are written as ISO 8601 with milliseconds, as Date writes them', () => {
    fc.assert(
      fc.property(dates, (date) => {
        expect(formatInstant(date.getTime())).toBe(date.toISOString());
      }),
    );
  });

  it('are read as Date reads them', () => {
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseInstant(date.toISOString())).toBe(date.getTime());
      }),
    );
  });

  it.each([
    ['2026-11-24T12:15:30+02:00', '2026-11-24T10:15:30.000Z'],
    ['2026-11-24t10:15:30.2z', '2026-11-24T10:15:30.200Z'],
    ['2026-11-23T23:45:30.123456789-10:30', '2026-11-24T10:15:30.123Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('with a zone or a fraction are read: %s', (written, canonical) => {
    expect(formatInstant(parseInstant(written) ?? Number.NaN)).toBe(canonical);
  });

  it.each([
    '2026-11-24T10:15:30',
    '2026-11-24',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-24T24:00:00Z',
    '2026-11-24T10:60:00Z',
    '2026-11-24 10:15:30Z',
    '2026-11-24T10:15:30.Z',
    '2026-11-24T10:15:30.1234567890Z',
    '2026-11-24T10:15:30+2:00',
    '2026-11-24T10:15:30+24:00',
    '2026-11-24T10:15:30Z ',
    '+002026-11-24T10:15:30Z',
    'Tue, 24 Nov 2026 10:15:30 GMT',
    '1764000000000',
    '',
  ])('that RFC 3339 does not know are refused: %s', (written) =>
    expect(parseInstant(written)).toBeUndefined(),
  );
});
