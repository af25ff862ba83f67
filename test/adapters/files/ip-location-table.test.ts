import { describe, expect, test } from 'vitest';
import { openIpLocationTable } from '#src/adapters/files/ip-location-table.ts';
import { parseIpAddress } from '#src/domain/ip-address.ts';

describe('the table of addresses', () => {
  const table = openIpLocationTable();
  const originOf = (text: string) => {
    const address = parseIpAddress(text);
    if (!address) throw new Error(`${text} is no address`);
    return table.originOf(address);
  };

  test.each([
    { text: '8.8.8.8', country: 'US', autonomousSystem: 15_169 },
    { text: '193.0.6.139', country: 'NL', autonomousSystem: 3_333 },
    { text: '2001:67c:2e8:22::c100:68b', country: 'NL', autonomousSystem: 3_333 },
  ])('knows where $text is and who announces it', ({ text, ...origin }) => {
    expect(originOf(text)).toEqual(origin);
  });

  test.each(['10.0.0.1', '127.0.0.1', 'fd00::1'])('does not say where %s is, which is nowhere', (text) => {
    expect(originOf(text)).toEqual({ country: undefined, autonomousSystem: 0 });
  });

  test('has a name, a dated version and a digest for the log', () => {
    expect(table.version).toMatch(/\d{10} and /);
    expect(table.digest).toMatch(/^[0-9a-f]{64}$/);
  });
});
