/**
 * Assets and how many decimals their minor unit has: ISO 4217 (list one, 2026-01-01), plus what the
 * configuration adds. Codes without a minor unit of their own (gold, test codes) are left out.
 */

const TWO_DECIMALS =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG';
const NO_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF';
const THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND';
const FOUR_DECIMALS = 'CLF UYW';

/** More decimals than any asset in use; amounts of 18 would leave 2^53 at once. */
export const EXPONENT_MAX = 12;

export type AssetTable = ReadonlyMap<string, number>;

const ISO_4217: AssetTable = new Map([
  ...withExponent(TWO_DECIMALS, 2),
  ...withExponent(NO_DECIMALS, 0),
  ...withExponent(THREE_DECIMALS, 3),
  ...withExponent(FOUR_DECIMALS, 4),
]);

/** ISO 4217 and the additions, by code; a code of ISO 4217 cannot be given another exponent. */
export function assetTable(additions: Readonly<Record<string, number>> = {}): AssetTable {
  const table = new Map(ISO_4217);
  for (const [code, exponent] of Object.entries(additions)) {
    const known = table.get(code);
    if (known !== undefined && known !== exponent) {
      throw new RangeError(`asset ${code} has ${known} decimals in ISO 4217, not ${exponent}`);
    }
    if (!Number.isInteger(exponent) || exponent < 0 || exponent > EXPONENT_MAX) {
      throw new RangeError(`asset ${code}: decimals must be 0 to ${EXPONENT_MAX}, not ${exponent}`);
    }
    table.set(code, exponent);
  }
  return table;
}

function withExponent(codes: string, exponent: number): [string, number][] {
  return codes.split(' ').map((code) => [code, exponent]);
}
