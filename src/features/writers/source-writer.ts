/** Writes what compares a payment with the attempts just before it: countries, and fields that are usually sent. */
import { NO_HISTORY, NOT_SENT } from '#src/domain/feature-value.ts';
import { featureIndex } from '#src/features/feature-catalogue.ts';
import { DAY_MS } from '#src/features/feature-window.ts';
import type { AttemptFold } from '#src/features/history/attempt-fold.ts';
import { ROW, ROW_TIME, ROW_WORD } from '#src/features/history/layout.ts';
import { countryOfTraits } from '#src/features/key-layout.ts';
import type { VectorRow } from '#src/ports/feature-stage.ts';

const COUNTRY_CHANGES = featureIndex('account_country_changes_24h');

/** How often the country of the address changed in the account's attempts of 24 hours and this one. */
export function writeCountryChanges(
  { place, rowCount, firstRow }: AttemptFold,
  { now, traits }: { readonly now: number; readonly traits: number },
  { values, offset }: VectorRow,
): void {
  let country = countryOfTraits(traits);
  let isKnown = false;
  let changes = 0;
  for (let index = rowCount - 1; index >= firstRow && country !== 0; index--) {
    const row = place.at + index * ROW;
    if ((place.doubles[row + ROW_TIME] ?? 0) <= now - DAY_MS) break;
    const earlier = countryOfTraits(place.words[2 * row + ROW_WORD.traits] ?? 0);
    if (earlier === 0) continue;
    isKnown = true;
    if (earlier !== country) changes++;
    country = earlier;
  }
  const value = isKnown ? changes : NO_HISTORY;
  values[offset + COUNTRY_CHANGES] = countryOfTraits(traits) === 0 ? NOT_SENT : value;
}

/** The attributes of a creditor's rows that payments usually name, and their features. */
const USUAL = [
  { attribute: 1, feature: featureIndex('creditor_card_usual_absent') },
  { attribute: 2, feature: featureIndex('creditor_device_usual_absent') },
  { attribute: 3, feature: featureIndex('creditor_network_usual_absent') },
] as const;
const USUAL_ATTEMPTS = 64;
const USUAL_MS = 30 * DAY_MS;

/** `attributes` are those of the payment in the order of the creditor's rows. */
export function writeUsuallySent(
  fold: AttemptFold,
  { now, attributes }: { readonly now: number; readonly attributes: Uint32Array },
  { values, offset }: VectorRow,
): void {
  for (const { attribute, feature } of USUAL) {
    const isSent = attributes[attribute] !== 0;
    values[offset + feature] = usualShare(fold, { now, attribute, isSent });
  }
}

function usualShare(
  { place, rowCount, firstRow }: AttemptFold,
  { now, attribute, isSent }: { readonly now: number; readonly attribute: number; readonly isSent: boolean },
): number {
  let seen = 0;
  let sent = 0;
  for (let index = rowCount - 1; index >= firstRow && seen < USUAL_ATTEMPTS; index--) {
    const row = place.at + index * ROW;
    if ((place.doubles[row + ROW_TIME] ?? 0) <= now - USUAL_MS) break;
    seen++;
    if (isSent) break;
    if (place.words[2 * row + ROW_WORD.attributes + attribute] !== 0) sent++;
  }
  if (seen === 0) return NO_HISTORY;
  return isSent ? 0 : sent / seen;
}
