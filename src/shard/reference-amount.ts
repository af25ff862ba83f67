/** Amounts in one currency, so that features can add them up. Dated rates stand in the log. */
import type { AssetTable } from '#src/domain/asset.ts';
import type { RatesRecorded } from '#src/domain/shared-fact.ts';

/** Without any rates amounts of this asset alone can be compared. */
const REFERENCE_ASSET = 'EUR';

/**
 * Minor units of the reference currency (the base of the rates in force), not rounded; undefined
 * where there is no rate for the asset.
 */
export function referenceAmount(
  rates: RatesRecorded | undefined,
  assets: AssetTable,
  { amount, asset }: { readonly amount: number; readonly asset: string },
): number | undefined {
  const base = rates?.base ?? REFERENCE_ASSET;
  if (asset === base) return amount;
  const rate = rates?.rates[asset];
  const decimals = assets.get(asset);
  const baseDecimals = assets.get(base);
  if (rate === undefined || decimals === undefined || baseDecimals === undefined) return undefined;
  return (amount / rate) * 10 ** (baseDecimals - decimals);
}
